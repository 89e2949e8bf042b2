// SPDX-License-Identifier: Apache-2.0
import type { FieldProblem } from '../../api/problem';
import type { Camera, CameraDraft, DriverSetting } from '../../api/types';
import {
  newRecording,
  type RecordingValues,
  recordingChanges,
  recordingValuesOf,
} from './recording/settings';

export interface CameraValues extends RecordingValues {
  name: string;
  driver: string;
  address: string;
  subAddress: string;
  username: string;
  password: string;
  group: string;
  enabled: boolean;
  /** Of the driver, by name: empty is its default, null takes a stored secret away. */
  settings: Record<string, string | null>;
}

export function valuesOf(camera: Camera | undefined, firstDriver: string): CameraValues {
  return {
    name: camera?.name ?? '',
    driver: camera?.driver ?? firstDriver,
    address: camera?.address ?? '',
    subAddress: camera?.subAddress ?? '',
    username: camera?.username ?? '',
    password: '',
    group: camera?.group ?? '',
    enabled: camera?.enabled ?? true,
    settings: camera?.settings ?? {},
    ...recordingValuesOf(camera?.recording),
  };
}

/** For a new camera: what was filled in. */
export function newDraft(values: CameraValues, known?: readonly DriverSetting[]): CameraDraft {
  return {
    ...connectionDraft(values, known),
    name: values.name.trim(),
    ...(values.group.trim() ? { group: values.group.trim() } : {}),
    enabled: values.enabled,
    recording: newRecording(values),
  };
}

/** What a test needs. */
export function connectionDraft(values: CameraValues, known?: readonly DriverSetting[]): CameraDraft {
  const settings = Object.fromEntries(
    Object.entries(values.settings).filter(([name, value]) => value && isKnown(name, known)),
  );
  return {
    driver: values.driver,
    address: values.address.trim(),
    ...(values.subAddress.trim() ? { subAddress: values.subAddress.trim() } : {}),
    ...(values.username.trim() ? { username: values.username.trim() } : {}),
    ...(values.password ? { password: values.password } : {}),
    ...(Object.keys(settings).length > 0 ? { settings } : {}),
  };
}

/** A driver that does not say what can be set may take anything. */
function isKnown(name: string, known: readonly DriverSetting[] | undefined): boolean {
  return known?.some((setting) => setting.name === name) ?? true;
}

/** What the driver says, and what is set without its knowing, so that it can be taken out. */
export function shownSettings(
  known: readonly DriverSetting[] | undefined,
  camera: Camera | undefined,
  driver: string,
): DriverSetting[] {
  if (!known) {
    return [];
  }
  const strange = camera?.driver === driver ? Object.keys(camera.settings) : [];
  return [
    ...known,
    ...strange
      .filter((name) => !isKnown(name, known))
      .map((name) => ({ name, type: 'string', title: { en: name }, required: false })),
  ];
}

/** Settings that are to be others; those of another driver go. */
function settingChanges(
  values: CameraValues,
  camera: Camera,
  known: readonly DriverSetting[] | undefined,
): Record<string, string | null> {
  const changes: Record<string, string | null> = {};
  const other = values.driver !== camera.driver;
  for (const [name, value] of Object.entries(values.settings)) {
    const wanted = other && !isKnown(name, known) ? null : value || null;
    const secretGoes = value === null && camera.secretSettings?.includes(name);
    if (secretGoes || wanted !== (camera.settings[name] ?? null)) {
      changes[name] = wanted;
    }
  }
  for (const name of other ? (camera.secretSettings ?? []) : []) {
    changes[name] ??= null;
  }
  return changes;
}

/** For an existing camera: only what has changed (RFC 7396), `null` to take something away. */
export function changesOf(
  values: CameraValues,
  camera: Camera,
  known?: readonly DriverSetting[],
): CameraDraft {
  const draft: CameraDraft = {};
  const text = (value: string) => value.trim() || null;
  if (values.name.trim() !== camera.name) {
    draft.name = values.name.trim();
  }
  if (values.driver !== camera.driver) {
    draft.driver = values.driver;
  }
  if (values.address.trim() !== camera.address) {
    draft.address = values.address.trim();
  }
  if (text(values.subAddress) !== (camera.subAddress ?? null)) {
    draft.subAddress = text(values.subAddress);
  }
  if (text(values.username) !== (camera.username ?? null)) {
    draft.username = text(values.username);
  }
  if (values.password) {
    draft.password = values.password;
  }
  if (text(values.group) !== (camera.group ?? null)) {
    draft.group = text(values.group);
  }
  if (values.enabled !== camera.enabled) {
    draft.enabled = values.enabled;
  }
  const settings = settingChanges(values, camera, known);
  if (Object.keys(settings).length > 0) {
    draft.settings = settings;
  }
  const recording = recordingChanges(values, camera.recording);
  if (Object.keys(recording).length > 0) {
    draft.recording = recording;
  }
  return draft;
}

const FIELDS: Record<string, keyof CameraValues> = {
  name: 'name',
  driver: 'driver',
  address: 'address',
  url: 'address',
  subAddress: 'subAddress',
  username: 'username',
  password: 'password',
  credentials: 'username',
  'credentials.username': 'username',
  'credentials.password': 'password',
  group: 'group',
  enabled: 'enabled',
  'recording.mode': 'mainMode',
  'recording.streams': 'mainMode',
  'recording.streamModes.main': 'mainMode',
  'recording.streamModes.sub': 'subMode',
  'recording.schedule': 'week',
  'recording.schedule.timeZone': 'timeZone',
  'recording.eventKinds': 'eventKinds',
  'recording.preBufferSeconds': 'preBufferSeconds',
  'recording.postBufferSeconds': 'postBufferSeconds',
  'recording.retentionDaysMin': 'retentionDaysMin',
  'recording.retentionDaysMax': 'retentionDaysMax',
  'recording.volumes': 'volumes',
  'recording.backup': 'backup',
  'recording.fillGaps': 'fillGaps',
};

/**
 * Which input a server's field problem belongs to; what fits none stays for the dialog's own message.
 *
 * @param settings of the driver that are shown
 */
export function splitProblems(
  problems: readonly FieldProblem[],
  settings: readonly DriverSetting[] = [],
): {
  fields: Record<string, string>;
  rest: FieldProblem[];
} {
  const fields: Record<string, string> = {};
  const rest: FieldProblem[] = [];
  const ofSettings = new Set(settings.map(({ name }) => `settings.${name}`));
  for (const problem of problems) {
    const field = ofSettings.has(problem.field)
      ? problem.field
      : (FIELDS[problem.field] ??
        (problem.field.startsWith('recording.schedule.spans') ? 'week' : undefined));
    if (field) {
      fields[field] = problem.detail;
    } else {
      rest.push(problem);
    }
  }
  return { fields, rest };
}

/** Camera problems without named fields still have a field they are about. */
export function fieldOfProblem(kind: string): keyof CameraValues | undefined {
  switch (kind) {
    case 'camera-unreachable':
    case 'camera-protocol':
    case 'camera-unsupported':
      return 'address';
    case 'camera-auth':
      return 'password';
    default:
      return undefined;
  }
}
