// SPDX-License-Identifier: Apache-2.0
import type { FieldProblem } from '../../api/problem';
import type { Camera, CameraDraft } from '../../api/types';
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
    ...recordingValuesOf(camera?.recording),
  };
}

/** For a new camera: what was filled in. */
export function newDraft(values: CameraValues): CameraDraft {
  return {
    ...connectionDraft(values),
    name: values.name.trim(),
    ...(values.group.trim() ? { group: values.group.trim() } : {}),
    enabled: values.enabled,
    recording: newRecording(values),
  };
}

/** What a test needs. */
export function connectionDraft(values: CameraValues): CameraDraft {
  return {
    driver: values.driver,
    address: values.address.trim(),
    ...(values.subAddress.trim() ? { subAddress: values.subAddress.trim() } : {}),
    ...(values.username.trim() ? { username: values.username.trim() } : {}),
    ...(values.password ? { password: values.password } : {}),
  };
}

/** For an existing camera: only what has changed (RFC 7396), `null` to take something away. */
export function changesOf(values: CameraValues, camera: Camera): CameraDraft {
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
  'recording.retentionDaysMax': 'retentionDaysMax',
};

/** Which input a server's field problem belongs to; what fits none stays for the dialog's own message. */
export function splitProblems(problems: readonly FieldProblem[]): {
  fields: Partial<Record<keyof CameraValues, string>>;
  rest: FieldProblem[];
} {
  const fields: Partial<Record<keyof CameraValues, string>> = {};
  const rest: FieldProblem[] = [];
  for (const problem of problems) {
    const field =
      FIELDS[problem.field] ?? (problem.field.startsWith('recording.schedule.spans') ? 'week' : undefined);
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
