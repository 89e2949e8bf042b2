// SPDX-License-Identifier: Apache-2.0
import type { RecordingMode, RecordingPatch, RecordingSettings, StreamRole } from '../../../api/types';
import { shownZoneName } from '../../../ui/zone';
import { hasMode, spansOf, type Week, weekOf } from './week';

/** What the form shows of a camera's recording settings. */
export interface RecordingValues {
  mainMode: RecordingMode;
  subMode: RecordingMode;
  retentionDaysMin: number | string;
  retentionDaysMax: number | string;
  volumes: string[];
  backup: string[];
  fillGaps: boolean;
  timeZone: string;
  week: Week;
  eventKinds: string[];
  preBufferSeconds: number | string;
  postBufferSeconds: number | string;
}

export const RETENTION_DAYS_MAX = 3650;
const EVENT_KINDS = ['camera.input', 'camera.manual', 'camera.motion', 'camera.tamper'];

export function recordingValuesOf(settings: RecordingSettings | undefined): RecordingValues {
  const modeOf = (role: StreamRole, usual: RecordingMode): RecordingMode =>
    !settings
      ? usual
      : settings.streams.includes(role)
        ? (settings.streamModes?.[role] ?? settings.mode)
        : 'off';
  return {
    mainMode: modeOf('main', 'continuous'),
    subMode: modeOf('sub', 'off'),
    retentionDaysMin: settings?.retentionDaysMin ?? 0,
    retentionDaysMax: settings?.retentionDaysMax ?? 30,
    volumes: settings?.volumes ?? [],
    backup: settings?.backup ?? [],
    fillGaps: settings?.fillGaps ?? false,
    timeZone: settings?.schedule?.timeZone ?? shownZoneName(),
    week: weekOf(settings?.schedule),
    eventKinds: settings?.eventKinds ?? EVENT_KINDS,
    preBufferSeconds: settings?.preBufferSeconds ?? 5,
    postBufferSeconds: settings?.postBufferSeconds ?? 10,
  };
}

export function isScheduled(values: RecordingValues): boolean {
  return values.mainMode === 'scheduled' || values.subMode === 'scheduled';
}

export function isOnEvents(values: RecordingValues): boolean {
  return (
    values.mainMode === 'event' ||
    values.subMode === 'event' ||
    (isScheduled(values) && hasMode(values.week, 'event'))
  );
}

/** One mode for all streams where they agree, and the sub stream's own where they do not. */
function modesOf({ mainMode, subMode }: RecordingValues) {
  const streams: StreamRole[] = [
    ...(mainMode === 'off' ? [] : (['main'] as const)),
    ...(subMode === 'off' ? [] : (['sub'] as const)),
  ];
  const mode = mainMode === 'off' ? subMode : mainMode;
  const own: Partial<Record<StreamRole, RecordingMode>> =
    subMode !== mode && subMode !== 'off' ? { sub: subMode } : {};
  return { mode, streams, own };
}

/** The modes as changes of what is stored; `null` takes a stream's own mode away. */
function modeChanges(values: RecordingValues, settings: RecordingSettings): RecordingPatch {
  const { mode, streams, own } = modesOf(values);
  const streamModes: RecordingPatch['streamModes'] = {};
  for (const role of ['main', 'sub'] as const) {
    if (own[role] !== settings.streamModes?.[role]) {
      streamModes[role] = own[role] ?? null;
    }
  }
  return {
    ...(mode === settings.mode ? {} : { mode }),
    ...(streams.join() === settings.streams.join() ? {} : { streams }),
    ...(Object.keys(streamModes).length > 0 ? { streamModes } : {}),
  };
}

/** For a new camera: what differs from the server's own defaults is among it. */
export function newRecording(values: RecordingValues): RecordingPatch {
  const { mode, streams, own } = modesOf(values);
  return {
    mode,
    streams,
    ...(own.sub ? { streamModes: own } : {}),
    retentionDaysMax: Number(values.retentionDaysMax),
    ...(Number(values.retentionDaysMin) > 0 ? { retentionDaysMin: Number(values.retentionDaysMin) } : {}),
    ...(values.volumes.length > 0 ? { volumes: values.volumes } : {}),
    ...(values.backup.length > 0 ? { backup: values.backup } : {}),
    ...(values.fillGaps ? { fillGaps: true } : {}),
    ...(isScheduled(values) ? { schedule: { timeZone: values.timeZone, spans: spansOf(values.week) } } : {}),
    ...(isOnEvents(values)
      ? {
          eventKinds: values.eventKinds,
          preBufferSeconds: Number(values.preBufferSeconds),
          postBufferSeconds: Number(values.postBufferSeconds),
        }
      : {}),
  };
}

/** Only what was changed in the form, so that what it cannot show stays as it is. */
export function recordingChanges(values: RecordingValues, settings: RecordingSettings): RecordingPatch {
  const before = recordingValuesOf(settings);
  const patch: RecordingPatch = {};
  if (values.mainMode !== before.mainMode || values.subMode !== before.subMode) {
    Object.assign(patch, modeChanges(values, settings));
  }
  const weekChanged = JSON.stringify(values.week) !== JSON.stringify(before.week);
  if (isScheduled(values) && (weekChanged || values.timeZone !== before.timeZone || !settings.schedule)) {
    const spans = weekChanged || !settings.schedule ? spansOf(values.week) : settings.schedule.spans;
    patch.schedule = { timeZone: values.timeZone, spans };
  }
  for (const name of [
    'retentionDaysMin',
    'retentionDaysMax',
    'preBufferSeconds',
    'postBufferSeconds',
  ] as const) {
    if (Number(values[name]) !== Number(before[name])) {
      patch[name] = Number(values[name]);
    }
  }
  if ([...values.eventKinds].sort().join() !== [...before.eventKinds].sort().join()) {
    patch.eventKinds = values.eventKinds;
  }
  for (const name of ['volumes', 'backup'] as const) {
    if (JSON.stringify(values[name]) !== JSON.stringify(before[name])) {
      patch[name] = values[name];
    }
  }
  if (values.fillGaps !== before.fillGaps) {
    patch.fillGaps = values.fillGaps;
  }
  return patch;
}
