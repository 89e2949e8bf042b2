// SPDX-License-Identifier: Apache-2.0
// What the server says of cameras and volumes, as the computation of `outlook.ts` wants it.
import type { Volume } from '../../api/storage';
import type { Camera, RecordingMode, StreamRole } from '../../api/types';
import type { Recorder, Room } from './outlook';
import type { Stream } from './placing';

const DAY_S = 86_400;
/** Until measured: what cameras usually send, in bytes a second, as the server takes it too. */
const USUAL = { main: 500_000, other: 60_000 };
const WEIGHT = 100;
/** What a camera's footage is wanted for where none tells. */
const DAYS = 30;
/** The name of a volume that is not there yet; no volume is called so. */
export const NEW_VOLUME = '';

/** A stream that is not recorded all of the time. */
export interface Parttime {
  cameraId: string;
  role: StreamRole;
}

/** The part of the last days of which there is footage, from 0 to 1; none where there was no such stream yet. */
export type Covered = (stream: Parttime) => number | undefined;

export interface Recorders {
  recorders: Recorder[];
  /** Those of which not everything is known. */
  guessed: Camera[];
}

const modeOf = ({ recording }: Camera, role: StreamRole): RecordingMode =>
  recording.streamModes?.[role] ?? recording.mode;

const recorded = (camera: Camera): StreamRole[] =>
  camera.enabled ? camera.recording.streams.filter((role) => modeOf(camera, role) !== 'off') : [];

export const parttimesOf = (cameras: readonly Camera[]): Parttime[] =>
  cameras.flatMap((camera) =>
    recorded(camera)
      .filter((role) => modeOf(camera, role) !== 'continuous')
      .map((role) => ({ cameraId: camera.id, role })),
  );

const sentBps = ({ status }: Camera, role: StreamRole): number =>
  status.streams.find((stream) => stream.role === role)?.bitrateBps ?? 0;

/** Cameras that record, by what they send now; what is not known is taken from the others, and only then from what is usual. */
export function recordersOf(cameras: readonly Camera[], covered: Covered): Recorders {
  const usual = (role: StreamRole): number => {
    const known = cameras.map((camera) => sentBps(camera, role)).filter((bps) => bps > 0);
    return known.length > 0
      ? known.reduce((all, bps) => all + bps, 0) / known.length / 8
      : USUAL[role === 'main' ? 'main' : 'other'];
  };
  const guessed: Camera[] = [];
  const recorders = cameras
    .filter((camera) => recorded(camera).length > 0)
    .map((camera): Recorder => {
      let known = true;
      const streams = recorded(camera).map((role): Stream => {
        const bps = sentBps(camera, role);
        const part = modeOf(camera, role) === 'continuous' ? 1 : covered({ cameraId: camera.id, role });
        known &&= bps > 0 && part !== undefined;
        const bytesPerSecond = bps > 0 ? bps / 8 : usual(role);
        return { bytesPerSecond, bytesPerDay: bytesPerSecond * DAY_S * (part ?? 1) };
      });
      if (!known) {
        guessed.push(camera);
      }
      const { retentionDaysMin, retentionDaysMax, volumes, backup = [] } = camera.recording;
      return {
        id: camera.id,
        streams,
        daysMin: retentionDaysMin,
        daysMax: retentionDaysMax,
        volumes,
        backup,
      };
    });
  return { recorders, guessed };
}

/** What of a volume footage may fill; none where it takes none, or its size is not known. */
export function roomOf(volume: Volume): Room | undefined {
  const { name, role, status, footageBytes = 0, usableBytes, reserveBytes = 0, quotaBytes = -1 } = volume;
  const { encryption = 'none' } = volume;
  if (status !== 'ready' || role === 'retired' || usableBytes === undefined) {
    return undefined;
  }
  const free = Math.max(0, footageBytes + usableBytes - reserveBytes);
  return {
    name,
    bytes: quotaBytes < 0 ? free : Math.min(free, quotaBytes),
    weight: volume.weight ?? (role === 'on_request' ? 0 : WEIGHT),
    isBackup: role === 'backup',
    isEncrypted: encryption !== 'none',
    daysMin: volume.retentionDaysMin ?? 0,
    daysMax: volume.retentionDaysMax,
  };
}

/** What somebody thinks of changing. */
export interface Change {
  /** For how long all cameras' footage is wanted. */
  days?: number;
  /** Cameras that come in addition, recorded all of the time. */
  cameras: number;
  /** What each of those sends. */
  bps: number;
  /** Of one more volume. */
  bytes: number;
}

export function withChange(
  recorders: readonly Recorder[],
  rooms: readonly Room[],
  { days, cameras, bps, bytes }: Change,
): { recorders: Recorder[]; rooms: Room[] } {
  const wanted = days ?? median(recorders.map(({ daysMax }) => daysMax)) ?? DAYS;
  const added = Array.from(
    { length: cameras },
    (_, n): Recorder => ({
      id: `new-${n + 1}`,
      streams: [{ bytesPerSecond: bps / 8, bytesPerDay: (bps / 8) * DAY_S }],
      daysMin: 0,
      daysMax: wanted,
      volumes: [],
      backup: [],
    }),
  );
  const originals = rooms.filter(({ isBackup }) => !isBackup);
  const room: Room = {
    name: NEW_VOLUME,
    bytes,
    weight: WEIGHT,
    isNew: true,
    isBackup: false,
    // As the others are, so that copies of what is encrypted stay what they are.
    isEncrypted: originals.length > 0 && originals.every(({ isEncrypted }) => isEncrypted),
    daysMin: 0,
  };
  return {
    recorders: [
      ...recorders.map((one) =>
        days === undefined ? one : { ...one, daysMax: days, daysMin: Math.min(one.daysMin, days) },
      ),
      ...added,
    ],
    rooms: bytes > 0 ? [...rooms, room] : [...rooms],
  };
}

function median(values: number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
