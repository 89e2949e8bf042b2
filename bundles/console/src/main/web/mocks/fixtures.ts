// SPDX-License-Identifier: Apache-2.0
// What a server answers, a piece each: the mock server is made of these, and so are tests of components. The compiler
// holds them to the shapes the console works with.
import type { SignedInSession } from '../src/api/account';
import type { AuditEntry } from '../src/api/audit';
import type { Bookmark } from '../src/api/bookmarks';
import type { EvidenceLock } from '../src/api/evidence';
import type { Export } from '../src/api/exports';
import type { ApiKey } from '../src/api/keys';
import type { PluginVersion } from '../src/api/plugins';
import type { Role } from '../src/api/roles';
import { useSession } from '../src/api/session';
import type { Volume } from '../src/api/storage';
import type {
  Camera,
  CameraStatus,
  Driver,
  EventItem,
  FoundDevice,
  LoginAnswer,
  SessionUser,
} from '../src/api/types';
import type { User } from '../src/api/users';
import type { Webhook, WebhookStatus } from '../src/api/webhooks';

const GIB = 1024 ** 3;

/** What the built-in roles may, as the server says at the login. */
export function permissionsOf(role: string): string[] {
  const watch = ['view_live', 'view_archive', 'listen', 'view_events'];
  const control = [
    'control_ptz',
    'control_imaging',
    'control_io',
    'control_recording',
    'talk',
    'export',
    'bookmark',
  ];
  const manage = ['manage_cameras', 'manage_users', 'manage_storage', 'manage_plugins', 'manage_webhooks'];
  switch (role) {
    case 'administrator':
      return [
        ...permissionsOf('operator'),
        ...manage,
        'view_audit',
        'lock_evidence',
        'delete_footage',
        'share_layouts',
        'make_backups',
      ];
    case 'operator':
      return [...watch, ...control, 'raise_events', 'view_configuration', 'view_health'];
    case 'viewer':
      return watch;
    default:
      return [];
  }
}

export const loginAnswer = (mustChangePassword = false): LoginAnswer => ({
  expiresInSeconds: 900,
  mustChangePassword,
  user: {
    id: 'u1',
    username: 'admin',
    role: 'administrator',
    mustEnrolSecondFactor: false,
    permissions: permissionsOf('administrator'),
  },
});

/** Somebody who is signed in. */
export const userWith = (role: string): SessionUser => ({
  ...loginAnswer().user,
  role,
  permissions: permissionsOf(role),
  mustChangePassword: false,
});

export const STATUS: CameraStatus = {
  state: 'recording',
  since: '2026-11-22T12:00:00.000Z',
  driverPresent: true,
  streams: [],
};

export function camera(id: string, extra: Partial<Camera> = {}): Camera {
  return {
    id,
    version: 3,
    name: `Camera ${id}`,
    driver: 'rtsp',
    address: `rtsp://192.0.2.1/${id}`,
    hasPassword: true,
    enabled: true,
    settings: {},
    serverId: 'server',
    recording: {
      mode: 'continuous',
      streams: ['main'],
      retentionDaysMax: 30,
      eventKinds: ['camera.motion'],
      preBufferSeconds: 5,
      postBufferSeconds: 10,
      retentionDaysMin: 0,
      volumes: [],
    },
    created: '2026-11-22T12:00:00.000Z',
    updated: '2026-11-22T12:00:00.000Z',
    /** Of who is signed in when it is asked for: everywhere the same, unless a test says otherwise. */
    get permissions() {
      return useSession.getState().user?.permissions ?? [];
    },
    status: STATUS,
    ...extra,
  };
}

export const DRIVER: Driver = {
  id: 'rtsp',
  name: 'RTSP',
  vendor: 'NXvms',
  version: '0.1.0',
  bundle: 'org.nxvms.driver.rtsp',
  addressHint: 'rtsp://camera.example/stream',
  addressSchemes: ['rtsp'],
  hasSubAddress: true,
  cameras: 1,
};

export const found = (address: string, extra: Partial<FoundDevice> = {}): FoundDevice => ({
  driver: 'onvif',
  address,
  name: 'Yard',
  identity: { manufacturer: 'Acme', model: 'X1', firmware: '', serialNumber: '', macAddress: '' },
  otherWays: [],
  ...extra,
});

export function event(id: string, sequence: number, extra: Partial<EventItem> = {}): EventItem {
  return {
    id,
    sequence,
    serverId: 's',
    kind: 'recording.gap',
    severity: 'critical',
    source: { type: 'stream', id: 'a', part: 'main' },
    cameraId: 'a',
    form: 'state',
    start: '2026-11-25T12:00:00.000Z',
    detail: 'Connection refused',
    attributes: { cause: 'camera_unreachable' },
    ...extra,
  };
}

export function exportJob(id: string, extra: Partial<Export> = {}): Export {
  return {
    id,
    state: 'waiting',
    cameraIds: ['gate'],
    from: '2026-11-25T18:00:00.000Z',
    to: '2026-11-25T18:30:00.000Z',
    stream: 'main',
    form: 'mp4',
    cut: 'key_frame',
    sound: true,
    reason: `reason of ${id}`,
    createdBy: 'admin',
    created: '2026-11-25T19:00:00.000Z',
    bytesDone: 0,
    bytesExpected: 40 * 1024 * 1024,
    ...extra,
  };
}

export const bookmark = (id: string, extra: Partial<Bookmark> = {}): Bookmark => ({
  id,
  version: 3,
  cameraIds: ['a', 'b'],
  from: '2026-11-24T10:00:00.000Z',
  to: '2026-11-24T10:01:00.000Z',
  title: 'Theft',
  text: 'Two men',
  tags: ['police'],
  author: 'olga',
  created: '2026-11-24T12:00:00.000Z',
  updated: '2026-11-24T12:00:00.000Z',
  editable: true,
  ...extra,
});

export const lock = (id: string, extra: Partial<EvidenceLock> = {}): EvidenceLock => ({
  id,
  cameraIds: ['a', 'b'],
  from: '2026-11-24T10:00:00.000Z',
  to: '2026-11-24T11:00:00.000Z',
  reason: 'case 17',
  createdBy: 'olga',
  created: '2026-11-24T12:00:00.000Z',
  ...extra,
});

export const auditEntry = (sequence: number, extra: Partial<AuditEntry> = {}): AuditEntry => ({
  serverId: 's',
  sequence,
  at: new Date(Date.UTC(2026, 10, 25, 12) + sequence * 1000).toISOString(),
  action: 'user.changed',
  done: true,
  user: 'admin',
  address: '192.0.2.7',
  subject: 'user/guard',
  before: { role: 'viewer' },
  after: { role: 'operator' },
  hash: 'ab12',
  ...extra,
});

export const WEBHOOK_UP: WebhookStatus = {
  state: 'up',
  detail: '',
  delivered: 1234,
  failures: 2,
  lost: 0,
  waiting: 0,
};

export const webhook = (name: string, extra: Partial<Webhook> = {}): Webhook => ({
  name,
  url: `https://${name}.example/events`,
  enabled: true,
  filter: { kinds: [], cameras: [], severity: 'info' },
  timeoutMs: 10_000,
  headers: [],
  status: WEBHOOK_UP,
  ...extra,
});

export const apiKey = (name: string, extra: Partial<ApiKey> = {}): ApiKey => ({
  id: `id-${name}`,
  userId: 'u1',
  name,
  scopes: ['view_live'],
  created: '2026-11-01T12:00:00.000Z',
  expires: new Date(Date.now() + 200 * 86_400_000).toISOString(),
  ...extra,
});

export const signedIn = (id: string, current = false): SignedInSession => ({
  id,
  begun: '2026-11-25T12:00:00.000Z',
  seen: '2026-11-25T12:10:00.000Z',
  address: '192.0.2.7',
  client: 'curl/8.14.1',
  current,
});

export const user = (id: string, username: string, role: string, extra: Partial<User> = {}): User => ({
  id,
  username,
  role,
  mustChangePassword: false,
  disabled: false,
  ...extra,
});

export const role = (name: string, permissions: string[]): Role => ({
  name,
  description: '',
  permissions,
  secondFactor: false,
  ptzPriority: 0,
  editable: name !== 'administrator',
});

export const VOLUME: Volume = {
  id: 'v1',
  name: 'main',
  kind: 'file',
  location: '/srv/footage',
  status: 'ready',
  detail: '',
  role: 'record',
  totalBytes: 100 * GIB,
  usableBytes: 40 * GIB,
  footageBytes: 50 * GIB,
  segments: 12,
};

export const pluginVersion = (version: string, extra: Partial<PluginVersion> = {}): PluginVersion => ({
  version,
  title: 'Example RTSP',
  vendor: 'Example Ltd',
  licence: 'Apache-2.0',
  permissions: ['(java.net.SocketPermission "*" "connect")'],
  conformance: { kit: '0.1.0', passed: 71, failed: 2, skipped: 1 },
  sha256: 'ab'.repeat(32),
  from: 'upload',
  signer: { subject: 'CN=Vendor', certificateSha256: 'cd'.repeat(32) },
  installed: '2026-11-26T10:00:00.000Z',
  by: 'admin',
  ...extra,
});
