// SPDX-License-Identifier: Apache-2.0
// The site that the mock server shows: 18 cameras, of which some do not do well, and three hours of footage with gaps.
import type { Camera, CameraStatus, Fragment, Gap, Segment } from '../src/api/types';
import { camera } from './fixtures';

/** As {@link ./media} has them; that file is for Node only, and this one for tests too. */
const FPS = 25;
const GOP = 50;
const CLIP_FRAMES = 750;
const CODECS = 'avc1.4D401F';

export const SEGMENT_MS = (CLIP_FRAMES / FPS) * 1000;
const GOP_MS = (GOP / FPS) * 1000;
/** Where nobody made media, as in tests, fragments have places all the same. */
const FRAGMENT_BYTES = 750_000;
const HOUR_MS = 3_600_000;
const NO_PICTURES = ['offline', 'unauthorized', 'disabled'];
const NAMES = ['Gate north', 'Gate south', 'Car park', 'Reception', 'Stairwell', 'Warehouse'];
const CAPABILITIES = [
  'ptz',
  'ptz_presets',
  'ptz_tours',
  'events',
  'analytics',
  'imaging',
  'encoders',
  'privacy_masks',
  'io',
  'snapshot',
  'audio_out',
  'edge_recordings',
  'clock',
  'reboot',
  'device_users',
];

export const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const iso = (ms: number) => new Date(ms).toISOString();

export class Site {
  readonly serverId = id(999);
  readonly timeZone = 'America/New_York';
  /** Its clock and its footage begin together, on a border of segments. */
  readonly bornMs: number;
  readonly gaps: Gap[];
  cameras: Camera[];

  constructor(
    count: number,
    nowMs: number,
    readonly pieces?: { offset: number; length: number }[],
  ) {
    this.bornMs = Math.floor(nowMs / SEGMENT_MS) * SEGMENT_MS - 3 * HOUR_MS;
    this.gaps = [
      { start: this.bornMs + HOUR_MS, end: this.bornMs + HOUR_MS + 60_000, cause: 'server_down', detail: '' },
      {
        start: this.bornMs + 2 * HOUR_MS + 600_000,
        end: this.bornMs + 2 * HOUR_MS + 900_000,
        cause: 'camera_unreachable',
        detail: 'no route to host',
      },
    ];
    this.cameras = Array.from({ length: count }, (_, n) => this.built(n));
  }

  private built(n: number): Camera {
    const address = `rtsp://192.0.2.${n + 1}:554/stream`;
    const group = ['Outside', 'Inside', undefined][n % 3];
    const plain = camera(id(n + 1));
    return {
      ...plain,
      version: 1,
      name: `${NAMES[n % NAMES.length]}${n < NAMES.length ? '' : ` ${1 + Math.floor(n / NAMES.length)}`}`,
      address: `${address}1`,
      subAddress: `${address}2`,
      enabled: n !== 11,
      ...(group ? { group } : {}),
      serverId: this.serverId,
      recording: { ...plain.recording, mode: n === 7 ? 'off' : 'continuous', volumes: ['main'] },
      created: iso(this.bornMs),
      updated: iso(this.bornMs),
    };
  }

  find(cameraId: unknown): Camera | undefined {
    return this.cameras.find((one) => one.id === cameraId);
  }

  shown(one: Camera, permissions: string[]): Camera {
    return { ...one, permissions, status: this.statusOf(one) };
  }

  /** Whether there are pictures of now. */
  sends(one: Camera): boolean {
    return !NO_PICTURES.includes(this.statusOf(one).state);
  }

  /** One is H.265, which many browsers do not show. */
  codecsOf({ id: cameraId }: Camera, role: string): string {
    return cameraId === id(14) && role === 'main' ? 'hvc1.1.6.L93.B0' : CODECS;
  }

  statusOf(one: Camera): CameraStatus {
    const [state, cause, detail] = stateOf(one);
    const on = ['recording', 'live', 'not_recording'].includes(state);
    const stream = (role: 'main' | 'sub', width: number, height: number, bitrateBps: number) => ({
      role,
      name: role,
      state,
      ...(cause ? { cause } : {}),
      codecs: this.codecsOf(one, role),
      width,
      height,
      frameRate: FPS,
      bitrateBps: on ? bitrateBps : 0,
      framesPerSecond: on ? FPS : 0,
    });
    return {
      state,
      ...(cause ? { cause, detail } : {}),
      since: iso(this.bornMs),
      driverPresent: true,
      device: {
        driverVersion: '0.1.0',
        identity: { manufacturer: 'Example', model: 'PTZ-2', firmware: '3.4.1', serialNumber: '0042' },
        capabilities: CAPABILITIES,
      },
      streams: [stream('main', 1280, 720, 3e6), stream('sub', 640, 360, 5e5)],
    };
  }

  segments(nowMs: number): Segment[] {
    const all: Segment[] = [];
    for (let start = this.bornMs; start < nowMs; start += SEGMENT_MS) {
      const last = this.fragmentsOf(start, nowMs).at(-1);
      const missing = this.gaps.some((gap) => start < (gap.end ?? nowMs) && start + SEGMENT_MS > gap.start);
      if (last && !missing) {
        const end = last.startMs + last.durationMs;
        all.push({
          id: `s${start}`,
          start: iso(start),
          end: iso(end),
          startMs: start,
          durationMs: end - start,
          codecs: CODECS,
          initId: 'archive',
          bytes: last.offset + last.length,
          width: 1280,
          height: 720,
          hasAudio: false,
          open: start + SEGMENT_MS > nowMs,
          runId: `r${start}`,
          sequence: 0,
        });
      }
    }
    return all;
  }

  /** Those that are complete. */
  fragmentsOf(startMs: number, nowMs: number): Fragment[] {
    return Array.from({ length: CLIP_FRAMES / GOP }, (_, n) => ({
      startMs: startMs + n * GOP_MS,
      durationMs: GOP_MS,
      ...(this.pieces?.[n] ?? { offset: n * FRAGMENT_BYTES, length: FRAGMENT_BYTES }),
      key: true,
      frames: GOP,
    })).filter((fragment) => fragment.startMs + fragment.durationMs <= nowMs);
  }
}

/** Of those that were built some are not well; one that is added is. */
function stateOf({ id: cameraId, enabled, recording }: Camera): [string, string?, string?] {
  if (!enabled) {
    return ['disabled'];
  }
  switch (cameraId) {
    case id(5):
      return ['offline', 'camera_unreachable', 'Connection refused by 192.0.2.5:554; next try in 8 s'];
    case id(10):
      return ['unauthorized', 'auth', 'The camera refuses the user name or password'];
    case id(11):
      return ['not_recording', 'disk_full', 'No volume has room above its reserve'];
    default:
      return [recording.mode === 'off' ? 'live' : 'recording'];
  }
}
