// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { useSession } from '../src/api/session';
import type { Camera, CameraStatus, Driver } from '../src/api/types';

/** An API over HTTP for tests; each test adds what it needs. */
export const server = setupServer(
  // Asked by every sign-in page; mostly there is none.
  http.get('http://localhost:3000/api/v1/auth/outside', () => HttpResponse.json({ items: [] })),
  // Asked by every wall and by the palette; mostly none is kept.
  http.get('http://localhost:3000/api/v1/layouts', () => HttpResponse.json({ items: [] })),
  // Asked by the page of plugins; mostly there is none.
  http.get('http://localhost:3000/api/v1/console/extensions/refused', () => HttpResponse.json({ items: [] })),
  // Asked by every dialog of a camera; mostly it was never tried.
  http.get('http://localhost:3000/api/v1/cameras/:id/report', () =>
    HttpResponse.json(
      { type: '/problems/not-found', title: 'Not found', status: 404 },
      { status: 404, headers: { 'Content-Type': 'application/problem+json' } },
    ),
  ),
);

export function withServer(): void {
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
}

export const api = (path: string) => `http://localhost:3000${path}`;

export function problem(
  status: number,
  type: string,
  detail: string,
  errors?: { field: string; detail: string }[],
) {
  return HttpResponse.json(
    { type: `/problems/${type}`, title: type, status, detail, ...(errors ? { errors } : {}) },
    { status, headers: { 'Content-Type': 'application/problem+json' } },
  );
}

export const loginAnswer = (mustChangePassword = false) => ({
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

/** Some of what the built-in roles may, as the server says at the login. */
function permissionsOf(role: string): string[] {
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
      return [...control, ...manage, 'view_configuration', 'view_audit', 'lock_evidence', 'delete_footage'];
    case 'operator':
      return [...control, 'view_configuration'];
    default:
      return [];
  }
}

/** Somebody who is signed in. */
export const userWith = (role: string) => ({
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

export const listing = (cameras: Camera[]) => [
  http.get(api('/api/v1/cameras'), () => HttpResponse.json({ items: cameras })),
  http.get(api('/api/v1/storage/volumes'), () =>
    HttpResponse.json({ items: [{ name: 'main' }, { name: 'second' }, { name: 'third' }] }),
  ),
  http.get(api('/api/v1/drivers'), () => HttpResponse.json({ items: [DRIVER] })),
  http.get(api('/api/v1/health'), () =>
    HttpResponse.json({
      status: 'up',
      ready: true,
      version: '0',
      serverId: 'server',
      serverName: 'Site A',
      parts: [],
    }),
  ),
];
