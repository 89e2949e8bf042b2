// SPDX-License-Identifier: Apache-2.0
import type { Bookmark } from '../src/api/bookmarks';
import type { DeviceUser, IoPort, PtzPreset, PtzTurn } from '../src/api/control';
import type { EncoderSettings } from '../src/api/encoders';
import type { EvidenceLock } from '../src/api/evidence';
import type { Export } from '../src/api/exports';
import type { GapFill } from '../src/api/gapFills';
import type { ApiKey } from '../src/api/keys';
import type { Layout } from '../src/api/layouts';
import type { MotionMask } from '../src/api/motionMask';
import type { PrivacyMask } from '../src/api/privacyMasks';
import type { Role } from '../src/api/roles';
import type { KnownServers } from '../src/api/servers';
import type { Volume } from '../src/api/storage';
import type { EventItem, SessionUser } from '../src/api/types';
import type { User } from '../src/api/users';
import type { Webhook } from '../src/api/webhooks';
import * as fixture from './fixtures';
import { id, iso, Site } from './site';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const MEBI = 1 << 20;
const TEBI = 1024 ** 4;
/** An export that is ordered is ready after it. */
export const EXPORT_MS = 20_000;
export const EXPORT_BYTES = 180 * MEBI;

/** The media a handler gives out; tests have none. */
export interface Footage {
  archive: {
    bytes: Uint8Array<ArrayBuffer>;
    init: Uint8Array<ArrayBuffer>;
    fragments: { offset: number; length: number }[];
  };
  stills: Uint8Array<ArrayBuffer>[];
}

export type MockExport = Export & { begunMs?: number };

export interface WorldSettings {
  nowMs: number;
  cameras?: number;
  events?: number;
  footage?: Footage;
  /** Everybody is signed in: for pages without cookies. */
  open?: boolean;
  /** A plugin brings something for the console: for browsers, which load its module. */
  extended?: boolean;
}

/** All that the mock server knows. It begins anew with each start. */
export class World {
  readonly site: Site;
  readonly footage: Footage | undefined;
  readonly open: boolean;
  readonly extended: boolean;
  readonly sessions = new Map<string, SessionUser>();
  readonly passwords = new Map([
    ['admin', 'admin'],
    ['guard', 'guard'],
    ['new', 'first'],
  ]);
  readonly roles: Role[];
  readonly events: EventItem[];
  readonly volumes: Volume[];
  users: User[];
  exports: MockExport[];
  bookmarks: Bookmark[];
  locks: EvidenceLock[];
  webhooks: Webhook[];
  keys: ApiKey[];
  layouts: Layout[];
  /** By camera. */
  readonly motionMasks = new Map<string, MotionMask>();
  servers: KnownServers = {
    version: 1,
    servers: [
      { name: 'Depot North', address: 'https://north.example' },
      { name: 'Harbour', address: 'http://192.0.2.7:8080' },
    ],
  };
  fills: GapFill[];
  deviceUsers: DeviceUser[] = [
    { name: 'nxvms', level: 'administrator', ours: true },
    { name: 'installer', level: 'administrator', ours: false },
    { name: 'reception', level: 'viewer', ours: false },
  ];
  turn: PtzTurn = { by: 'guard', own: false, mayTake: true, freeInSeconds: 8 };
  presets: PtzPreset[] = [
    { token: 'nxvms-home', name: 'Home position', home: true, changeable: true },
    { token: '1', name: 'Gate', home: false, changeable: true },
    { token: '2', name: 'Loading bay', home: false, changeable: true },
  ];
  readonly ports: IoPort[] = [
    { id: '1', name: 'Door contact', direction: 'input', on: false },
    { id: '3', name: 'Barrier', direction: 'output', on: true },
  ];
  imaging: Record<string, string> = { brightness: '50', wdr: 'true' };
  privacyMasks: PrivacyMask[] = [];
  /** By the stream that they make. */
  encoders: Record<string, EncoderSettings> = {
    main: {
      codec: 'h264',
      resolution: { width: 1920, height: 1080 },
      frameRate: 25,
      bitrateKbps: 4096,
      constantBitrate: true,
      quality: 5,
      keyFrameInterval: 50,
      profile: 'High',
    },
    sub: {
      codec: 'h264',
      resolution: { width: 640, height: 360 },
      frameRate: 25,
      bitrateKbps: 512,
      constantBitrate: true,
      quality: 5,
      keyFrameInterval: 50,
      profile: 'Main',
    },
  };
  private made = 5000;

  constructor({ nowMs, cameras = 18, events = 120, footage, open = false, extended = false }: WorldSettings) {
    this.open = open;
    this.extended = extended;
    this.footage = footage;
    this.site = new Site(cameras, nowMs, footage?.archive.fragments);
    this.roles = ['administrator', 'operator', 'viewer'].map((name) =>
      fixture.role(name, fixture.permissionsOf(name)),
    );
    this.users = [
      fixture.user('user-admin', 'admin', 'administrator'),
      fixture.user('user-guard', 'guard', 'operator'),
      fixture.user('user-new', 'new', 'administrator', { mustChangePassword: true }),
      fixture.user('user-dora', 'dora', 'viewer', { provider: 'ldap' }),
    ];
    this.events = this.happened(nowMs, events);
    this.exports = this.ordered(nowMs);
    this.layouts = this.keptLayouts();
    this.fills = this.filled(nowMs);
    const main: Volume = {
      ...fixture.VOLUME,
      totalBytes: 12 * TEBI,
      usableBytes: 1.4 * TEBI,
      reserveBytes: 0.6 * TEBI,
      footageBytes: 10.5 * TEBI,
      segments: 98_304,
      weight: 100,
    };
    this.volumes = [
      main,
      {
        ...main,
        id: 'v2',
        name: 'nas',
        location: '/mnt/nas',
        status: 'absent',
        detail: 'Nothing is mounted at /mnt/nas.',
      },
    ];
    this.bookmarks = [
      fixture.bookmark(id(801), {
        cameraIds: [id(1), id(2)],
        from: iso(nowMs - 30 * MINUTE_MS),
        to: iso(nowMs - 28 * MINUTE_MS),
      }),
    ];
    this.locks = [
      fixture.lock(id(811), {
        cameraIds: [id(1)],
        from: iso(nowMs - 40 * MINUTE_MS),
        to: iso(nowMs - 35 * MINUTE_MS),
      }),
    ];
    this.webhooks = [
      fixture.webhook('alarms', { headers: ['Authorization'] }),
      fixture.webhook('gone', {
        status: {
          ...fixture.WEBHOOK_UP,
          state: 'failing',
          detail: 'Connection refused. Is it running?',
          lost: 3,
          waiting: 17,
        },
      }),
    ];
    this.keys = [
      fixture.apiKey('wall', { userId: 'user-admin' }),
      fixture.apiKey('gate', { userId: 'user-guard' }),
    ];
  }

  /** {@return an id that nothing has yet} */
  newId(): string {
    return id(++this.made);
  }

  userNamed(username: string): SessionUser {
    const known = this.users.find((user) => user.username === username);
    const role = known?.role ?? 'viewer';
    return {
      ...fixture.userWith(role),
      id: known?.id ?? `user-${username}`,
      username,
      mustChangePassword: known?.mustChangePassword ?? false,
    };
  }

  private happened(nowMs: number, count: number): EventItem[] {
    const kinds = ['camera.motion', 'camera.motion', 'recording.gap', 'stream.down', 'camera.input'];
    return Array.from({ length: count }, (_, n) => {
      const kind = kinds[n % kinds.length] ?? '';
      const startMs = nowMs - n * 90_000;
      const cameraId = id(1 + (n % 9));
      const state = kind !== 'camera.input';
      const lasts = kind === 'stream.down' && n < kinds.length;
      return fixture.event(id(2000 + n), count + 1000 - n, {
        serverId: this.site.serverId,
        kind,
        severity: kind === 'recording.gap' ? 'critical' : kind === 'stream.down' ? 'warning' : 'info',
        source: { type: 'camera', id: cameraId },
        cameraId,
        form: state ? 'state' : 'pulse',
        start: iso(startMs),
        ...(state && !lasts ? { end: iso(startMs + 12_000) } : {}),
        detail: kind === 'recording.gap' ? 'Connection refused' : '',
        attributes: kind === 'recording.gap' ? { cause: 'camera_unreachable' } : {},
      });
    });
  }

  private keptLayouts(): Layout[] {
    const layout = (n: number, name: string, extra: Partial<Layout>): Layout => ({
      id: id(600 + n),
      version: 1,
      name,
      owner: 'admin',
      own: true,
      roles: [],
      locked: false,
      editable: true,
      ...extra,
    });
    const wall = (grid: string, ...cameras: number[]) => ({
      wall: { grid, cameras: cameras.map((camera, cell) => ({ cell, cameraId: id(camera) })) },
    });
    return [
      layout(1, 'Entrances', { ...wall('4', 1, 2, 7, 8), roles: ['operator'] }),
      layout(2, 'Night shift', {
        ...wall('1+5', 3, 1, 2, 4, 6, 9),
        roles: ['operator', 'viewer'],
        locked: true,
      }),
      layout(3, 'Warehouse and loading bay', {
        ...wall('9', 6, 12, 18, 3, 9, 15),
        own: false,
        owner: 'olga',
      }),
      layout(4, 'Round at night', {
        tour: { steps: [1, 2].map((n) => ({ layoutId: id(600 + n), seconds: 15 })) },
      }),
    ];
  }

  private filled(nowMs: number): GapFill[] {
    const fill = (n: number, extra: Partial<GapFill>): GapFill => ({
      id: id(620 + n),
      cameraId: id(1),
      from: iso(nowMs - n * HOUR_MS),
      to: iso(nowMs - n * HOUR_MS + 15 * MINUTE_MS),
      state: 'done',
      missingMs: 5 * MINUTE_MS,
      filledMs: 5 * MINUTE_MS,
      created: iso(nowMs - n * MINUTE_MS),
      ...extra,
    });
    return [
      fill(1, { createdBy: 'admin', missingMs: 6 * MINUTE_MS, filledMs: 352_000 }),
      fill(20, {
        state: 'failed',
        filledMs: 0,
        detail: 'The camera answers 503 (Service Unavailable): its card is being checked.',
      }),
    ];
  }

  private ordered(nowMs: number): MockExport[] {
    const job = (n: number, extra: Partial<MockExport>): MockExport => ({
      ...fixture.exportJob(id(700 + n), {
        cameraIds: [id(n)],
        from: iso(nowMs - 2 * HOUR_MS),
        to: iso(nowMs - HOUR_MS),
        reason: '',
        created: iso(nowMs - n * MINUTE_MS),
        bytesExpected: EXPORT_BYTES,
      }),
      ...extra,
    });
    return [
      job(1, { state: 'running', begunMs: nowMs - EXPORT_MS / 3, reason: 'Case 2026-17, police station 4' }),
      job(2, { cameraIds: [1, 2, 3, 4, 5].map(id), createdBy: 'olga' }),
      job(3, { state: 'done', form: 'chunks', reason: 'Insurance' }),
      job(4, {
        state: 'failed',
        cameraIds: [id(5)],
        detail:
          'The disk of /var/lib/nxvms/exports is full: 2147483648 bytes are free, of which 2952790016 stay free,' +
          ' since footage is recorded on it too. Make room or remove exports, and order again.',
      }),
    ];
  }
}
