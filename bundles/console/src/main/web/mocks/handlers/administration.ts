// SPDX-License-Identifier: Apache-2.0
import { http } from 'msw';
import type { AuditEntry } from '../../src/api/audit';
import type { ApiKeyDraft } from '../../src/api/keys';
import type { Plugin, SwapReceipt } from '../../src/api/plugins';
import type { NewPassword, UserDraft, UserPatch } from '../../src/api/users';
import type { WebhookChange } from '../../src/api/webhooks';
import { absent, at, nothing, ok, page, problem } from '../answers';
import * as fixture from '../fixtures';
import { id, iso } from '../site';
import type { World } from '../world';
import { userOf } from './entry';

const DAY_MS = 86_400_000;
const VOLUMES = '/api/v1/storage/volumes';

export const administration = (world: World) => [
  ...people(world),
  ...keys(world),
  ...webhooks(world),
  ...audit(world),
  ...plugins(world),

  http.get(at(VOLUMES), () => page(world.volumes)),
  http.get(at(`${VOLUMES}/:name`), () => ok({ role: 'record', reservePercent: 5, weight: 1 })),
  http.post(at(VOLUMES), () =>
    problem(422, 'validation', '', [{ field: 'path', detail: 'overlaps with main' }]),
  ),
  http.patch(at(`${VOLUMES}/:name`), () => ok({})),
  http.all(at(`${VOLUMES}/:name/retirement`), nothing),
  http.delete(at(`${VOLUMES}/:name`), nothing),
];

const people = (world: World) => [
  http.get(at('/api/v1/roles'), () => page(world.roles)),
  http.post(at('/api/v1/roles'), () =>
    problem(409, 'conflict', 'The mock server has the built-in roles only.'),
  ),

  http.get(at('/api/v1/users'), () => page(world.users)),
  http.post(at('/api/v1/users'), async ({ request }) => {
    const { username, role, password, mustChangePassword } = (await request.json()) as UserDraft;
    if (world.users.some((user) => user.username === username)) {
      return problem(422, 'validation', '', [
        { field: 'username', detail: `there is already a user "${username}"` },
      ]);
    }
    const one = fixture.user(`user-${username}`, username, role, { mustChangePassword });
    world.users = [...world.users, one];
    world.passwords.set(username, password);
    return ok(one, 201);
  }),
  http.patch(at('/api/v1/users/:id'), async ({ params, request }) => {
    const old = world.users.find((user) => user.id === params.id);
    if (!old) {
      return absent('user');
    }
    const one = { ...old, ...((await request.json()) as UserPatch), id: old.id };
    world.users = world.users.map((user) => (user === old ? one : user));
    return ok(one);
  }),
  http.put(at('/api/v1/users/:id/password'), async ({ params, request }) => {
    const old = world.users.find((user) => user.id === params.id);
    if (!old) {
      return absent('user');
    }
    const { password, mustChangePassword } = (await request.json()) as NewPassword;
    world.users = world.users.map((user) => (user === old ? { ...old, mustChangePassword } : user));
    world.passwords.set(old.username, password);
    return nothing();
  }),
  http.delete(at('/api/v1/users/:id'), ({ params }) => {
    world.users = world.users.filter((user) => user.id !== params.id);
    return nothing();
  }),
  http.get(at('/api/v1/users/:id/grants'), () =>
    page([{ id: 'g1', role: 'operator', scope: 'group/Outside', denied: false }]),
  ),
  http.get(at('/api/v1/users/:id/rights'), () =>
    ok({
      rights: ['view_live', 'view_archive', 'export'].map((permission) => ({
        permission,
        allowed: permission !== 'export',
        because: [],
        overruled: [],
      })),
    }),
  ),
  http.get(at('/api/v1/users/:id/sessions'), () => page([fixture.signedIn('a'), fixture.signedIn('b')])),
  http.delete(at('/api/v1/users/:id/sessions'), nothing),
  http.delete(at('/api/v1/users/:id/sessions/:session'), nothing),
  http.get(at('/api/v1/users/:id/totp'), () => ok({ enabled: false, recoveryCodesLeft: 0 })),
];

const keys = (world: World) => [
  http.get(at('/api/v1/api-keys'), ({ request }) => {
    const all = new URL(request.url).searchParams.has('all');
    return page(world.keys.filter(({ userId }) => all || userId === userOf(world, request)?.id));
  }),
  http.post(at('/api/v1/api-keys'), async ({ request }) => {
    const { name, scopes, expiresInDays } = (await request.json()) as ApiKeyDraft;
    const userId = userOf(world, request)?.id ?? '';
    const expires = iso(Date.now() + expiresInDays * DAY_MS);
    const details = fixture.apiKey(name, { userId, scopes, expires, created: iso(Date.now()) });
    world.keys = [...world.keys, details];
    return ok({ key: 'nxk_of-the-mock-server', details }, 201);
  }),
  http.delete(at('/api/v1/api-keys/:id'), ({ params }) => {
    world.keys = world.keys.filter((key) => key.id !== params.id);
    return nothing();
  }),
];

function webhooks(world: World) {
  const WEBHOOKS = '/api/v1/webhooks';
  const named = (name: unknown) => world.webhooks.find((one) => one.name === name);
  return [
    http.get(at(WEBHOOKS), () => page(world.webhooks)),
    http.post(at(WEBHOOKS), async ({ request }) => {
      const { name, headers, ...draft } = (await request.json()) as WebhookChange & { name: string };
      const one = fixture.webhook(name, { ...draft, headers: Object.keys(headers ?? {}) });
      world.webhooks = [...world.webhooks, one];
      return ok({ ...one, secret: 'whsec_of-the-mock-server' }, 201);
    }),
    http.get(at(`${WEBHOOKS}/:name`), ({ params }) => {
      const one = named(params.name);
      return one ? ok(one, 200, { ETag: '"1"' }) : absent('webhook');
    }),
    http.patch(at(`${WEBHOOKS}/:name`), async ({ params, request }) => {
      const old = named(params.name);
      if (!old) {
        return absent('webhook');
      }
      const { headers, ...change } = (await request.json()) as WebhookChange;
      const one = { ...old, ...change, headers: headers ? Object.keys(headers) : old.headers };
      world.webhooks = world.webhooks.map((other) => (other === old ? one : other));
      return ok(one);
    }),
    http.post(at(`${WEBHOOKS}/:name/secret`), ({ params }) =>
      ok({ ...fixture.webhook(String(params.name)), secret: 'whsec_another' }),
    ),
    http.post(at(`${WEBHOOKS}/:name/test`), () =>
      ok({ delivered: true, status: 204, detail: '', durationMs: 41 }),
    ),
    http.delete(at(`${WEBHOOKS}/:name`), ({ params }) => {
      world.webhooks = world.webhooks.filter(({ name }) => name !== params.name);
      return nothing();
    }),
  ];
}

function audit({ site, keys: apiKeys }: World) {
  const what: Partial<AuditEntry>[] = [
    {
      action: 'camera.changed',
      apiKey: apiKeys[0]?.id,
      subject: `camera/${id(2)}`,
      before: {
        'recording.mode': 'continuous',
        'recording.schedule': '{"monday":[{"from":"00:00","to":"24:00"}]}',
        'recording.retentionDaysMax': '14',
        enabled: 'true',
      },
      after: {
        'recording.mode': 'scheduled',
        'recording.schedule': '{"monday":[{"from":"08:00","to":"18:00"}]}',
        'recording.retentionDaysMax': '30',
        enabled: 'false',
        'settings.transport': 'tcp',
        password: 'changed',
      },
    },
    {
      action: 'camera.changed',
      subject: `camera/${id(1)}`,
      before: { name: 'Gate' },
      after: { name: 'Gate north' },
    },
    { action: 'user.changed' },
    { action: 'auth.login', subject: 'user/admin', before: {}, after: {} },
    { action: 'export.ordered', subject: `camera/${id(3)}`, before: {}, after: { reason: 'Insurance' } },
    { action: 'auth.login', done: false, user: 'root', address: '203.0.113.9', before: {}, after: {} },
  ];
  return [
    http.get(at('/api/v1/audit'), () =>
      page(
        Array.from({ length: 40 }, (_, n) =>
          fixture.auditEntry(40 - n, {
            serverId: site.serverId,
            at: iso(site.bornMs - n * 600_000),
            ...what[n % what.length],
          }),
        ),
      ),
    ),
    http.post(at('/api/v1/audit/verify'), () =>
      ok({ whole: true, entries: 40, faults: [], acknowledged: [], others: {} }),
    ),
  ];
}

const plugins = ({ site }: World) => {
  const NAME = 'com.example.cameras';
  const plugin: Plugin = {
    name: NAME,
    state: 'active',
    detail: '',
    current: fixture.pluginVersion('2.1.0'),
    previous: fixture.pluginVersion('2.0.3'),
  };
  const begun = site.bornMs;
  const receipt: SwapReceipt = {
    id: 'r1',
    operation: 'update',
    plugin: NAME,
    from: '2.0.3',
    to: '2.1.0',
    by: 'admin',
    begun: iso(begun),
    ended: iso(begun + 1640),
    outcome: 'done',
    detail: '',
    bundles: [{ id: 141, location: 'nxvms-plugin:b', installed: true }],
    bundlesCompared: 118,
    windows: { beforeMs: 1000, duringMs: 1640, afterMs: 1000 },
    frames: [
      { stream: { cameraId: id(1), role: 'main' }, before: 25, during: 41, after: 25, lost: 0, whole: true },
    ],
    signature: 'a.b.c',
  };
  return [
    http.get(at('/api/v1/plugins'), () => page([plugin])),
    http.get(at('/api/v1/plugins/receipts'), () => page([receipt])),
    http.get(at('/api/v1/plugins/trusted'), () =>
      page([
        {
          sha256: 'ab'.repeat(32),
          subject: 'CN=Example Ltd, O=Example',
          expires: '2030-01-01T00:00:00.000Z',
        },
      ]),
    ),
    http.post(at('/api/v1/plugins/:name/:task'), () => ok({ plugin, receipt: receipt.id })),
  ];
};
