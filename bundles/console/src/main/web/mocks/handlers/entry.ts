// SPDX-License-Identifier: Apache-2.0
// Signing in, and who may come in. Tests, which have no cookies, are let in by `open`.
import { HttpResponse, http } from 'msw';
import type { SessionUser } from '../../src/api/types';
import { at, nothing, ok, page, problem } from '../answers';
import { loginAnswer, signedIn } from '../fixtures';
import type { World } from '../world';

const CSRF = 'mock';
const LIVES_S = 900;

function cookiesOf(request: Request): Record<string, string> {
  return Object.fromEntries(
    (request.headers.get('Cookie') ?? '').split('; ').map((pair) => pair.split('=', 2) as [string, string]),
  );
}

/** Whose session the request carries. */
export function userOf(world: World, request: Request): SessionUser | undefined {
  return world.open ? world.userNamed('admin') : world.sessions.get(cookiesOf(request).nxvms_session ?? '');
}

function signIn(world: World, username: string) {
  const { mustChangePassword, ...user } = world.userNamed(username);
  const token = crypto.randomUUID();
  world.sessions.set(token, { ...user, mustChangePassword });
  const answer = ok({ ...loginAnswer(mustChangePassword), expiresInSeconds: LIVES_S, user });
  for (const cookie of [
    `nxvms_session=${token}; HttpOnly; Path=/; SameSite=Strict`,
    `nxvms_refresh=${token}; HttpOnly; Path=/api/v1/auth; SameSite=Strict`,
    `nxvms_csrf=${CSRF}; Path=/; SameSite=Strict`,
  ]) {
    answer.headers.append('Set-Cookie', cookie);
  }
  return answer;
}

const notSignedIn = (detail: string) => problem(401, 'unauthenticated', detail);

export const entry = (world: World) => [
  http.get(at('/api/v1/auth/outside'), () => page([])),

  http.post(at('/api/v1/auth/login'), async ({ request }) => {
    const { username, password } = (await request.json()) as { username: string; password: string };
    return world.passwords.get(username) === password
      ? signIn(world, username)
      : notSignedIn('User name or password is wrong');
  }),

  http.post(at('/api/v1/auth/refresh'), ({ request }) => {
    if (world.open) {
      return signIn(world, 'admin');
    }
    const old = cookiesOf(request).nxvms_refresh ?? '';
    const user = world.sessions.get(old);
    world.sessions.delete(old);
    return user ? signIn(world, user.username) : notSignedIn('Sign in first');
  }),

  http.get(at('/api/v1/health'), ({ request }) => {
    const parts = PARTS.map((part) =>
      userOf(world, request) ? part : { name: part.name, status: part.status },
    );
    const shown = { status: 'degraded', ready: true, version: '0.1.0', parts };
    return ok(
      userOf(world, request)
        ? {
            ...shown,
            serverId: world.site.serverId,
            serverName: 'Site A',
            timeZone: world.site.timeZone,
            uptimeSeconds: Math.floor((Date.now() - world.site.bornMs) / 1000),
          }
        : shown,
    );
  }),

  // All else is for who is signed in; a handler that answers nothing leaves it to the next.
  http.all(at('/api/v1/*'), ({ request }) => {
    if (!userOf(world, request)) {
      return notSignedIn('Sign in first');
    }
    const changes = request.method !== 'GET' && !world.open;
    return changes && request.headers.get('X-NXvms-CSRF') !== CSRF
      ? problem(403, 'csrf', 'The CSRF header is missing')
      : undefined;
  }),
  http.all(at('/media/v1/*'), ({ request }) =>
    userOf(world, request) ? undefined : notSignedIn('Sign in first'),
  ),

  // An empty ZIP (APPNOTE 4.3.16).
  http.get(
    at('/api/v1/health/support-bundle'),
    () =>
      new HttpResponse(new Uint8Array([0x50, 0x4b, 5, 6, ...new Array<number>(18).fill(0)]), {
        headers: {
          'Content-Type': 'application/zip',
          'Content-Disposition': 'attachment; filename="nxvms-support-20261128-031500.zip"',
        },
      }),
  ),

  http.get(at('/api/v1/auth/me'), ({ request }) => ok(userOf(world, request) ?? {})),

  http.post(at('/api/v1/auth/logout'), ({ request }) => {
    world.sessions.delete(cookiesOf(request).nxvms_session ?? '');
    return nothing();
  }),

  http.post(at('/api/v1/auth/password'), async ({ request }) => {
    const user = userOf(world, request);
    const body = (await request.json()) as { currentPassword: string; newPassword: string };
    if (!user || world.passwords.get(user.username) !== body.currentPassword) {
      return notSignedIn('The current password is wrong');
    }
    if (body.newPassword.length < 8) {
      return problem(422, 'validation', '', [{ field: 'newPassword', detail: 'at least 8 characters' }]);
    }
    world.passwords.set(user.username, body.newPassword);
    world.users = world.users.map((one) =>
      one.id === user.id ? { ...one, mustChangePassword: false } : one,
    );
    return nothing();
  }),

  http.get(at('/api/v1/auth/sessions'), () => page([signedIn('mine', true), signedIn('other')])),
  http.delete(at('/api/v1/auth/sessions'), nothing),
  http.delete(at('/api/v1/auth/sessions/:id'), nothing),
  http.get(at('/api/v1/auth/totp'), () => ok({ enabled: false, recoveryCodesLeft: 0 })),
];

const PARTS = [
  { name: 'database', status: 'up', figures: { writeMs: 2 } },
  {
    name: 'storage',
    status: 'degraded',
    detail: 'Volume nas: absent.',
    findings: [{ code: 'volume_unready', parameters: { volume: 'nas', volumeStatus: 'absent' } }],
    figures: { volumes: 2, volumesReady: 1, mainFreeBytes: 73e9 },
  },
  { name: 'recorder', status: 'up', figures: { openChunks: 15, rowsWaiting: 0 } },
  { name: 'streamhub', status: 'up', figures: { streams: 34, accessUnitsLost: 0 } },
  { name: 'ingest', status: 'up', figures: { streaming: 34, hangingCalls: 0 } },
  { name: 'rest', status: 'up', figures: { applications: 14 } },
  {
    name: 'machine',
    status: 'up',
    figures: {
      cores: 8,
      heapBytes: 612e6,
      heapMaxBytes: 2e9,
      load: 1.4,
      processCpuPercent: 11.2,
      systemCpuPercent: 17.9,
    },
  },
  { name: 'webhooks', status: 'up', figures: { webhooks: 2 } },
  { name: 'security', status: 'up', figures: { users: 4 } },
  { name: 'oidc', status: 'up', figures: {} },
];
