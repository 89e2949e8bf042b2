// SPDX-License-Identifier: Apache-2.0
// A camera that moves, has inputs and outputs, and takes voice.
import { http } from 'msw';
import type { DeviceUser, Imaging, Ptz } from '../../src/api/control';
import { at, nothing, ok, page, problem } from '../answers';
import { iso } from '../site';
import type { World } from '../world';

const CAMERA = '/api/v1/cameras/:id';
const MINUTE_MS = 60_000;
const AXES = ['pan', 'tilt', 'zoom', 'focus'];

export function control(world: World) {
  const imaging = (): Imaging => ({ settings: SETTINGS, values: world.imaging, actions: ACTIONS });
  const ptz: Ptz = {
    spaces: AXES.map((axis) => ({ motion: 'continuous', axis, min: -1, max: 1, unit: 'fraction' })),
    position: {},
    aim: 'box',
  };
  return [
    http.get(at(`${CAMERA}/ptz`), () => ok(ptz)),
    // Somebody moves it until it is taken over.
    http.get(at(`${CAMERA}/ptz/turn`), () => ok(world.turn)),
    http.post(at(`${CAMERA}/ptz/turn`), () => {
      world.turn = { by: 'admin', own: true, mayTake: true, freeInSeconds: 10 };
      return ok(world.turn);
    }),
    http.get(at(`${CAMERA}/ptz/presets`), () => page(world.presets)),
    http.post(at(`${CAMERA}/ptz/presets`), async ({ request }) => {
      const { name } = (await request.json()) as { name: string };
      const preset = { token: world.newId(), name, home: false, changeable: true };
      world.presets = [...world.presets, preset];
      return ok(preset, 201);
    }),
    // Moving, by speed or by steps, and stopping.
    http.post(at(`${CAMERA}/ptz/:motion`), nothing),
    http.post(at(`${CAMERA}/ptz/presets/:token/go`), nothing),
    http.patch(at(`${CAMERA}/ptz/presets/:token`), async ({ params, request }) => {
      const { name } = (await request.json()) as { name?: string };
      world.presets = world.presets.map((one) =>
        one.token === params.token ? { ...one, name: name ?? one.name } : one,
      );
      return ok(world.presets.find(({ token }) => token === params.token) ?? {});
    }),
    http.delete(at(`${CAMERA}/ptz/presets/:token`), ({ params }) => {
      world.presets = world.presets.filter(({ token }) => token !== params.token);
      return nothing();
    }),
    http.get(at(`${CAMERA}/ptz/tours`), () => page([{ token: 't', name: 'Round', running: false }])),
    http.post(at(`${CAMERA}/ptz/tours/:token/:action`), nothing),

    http.get(at(`${CAMERA}/imaging`), () => ok(imaging())),
    http.patch(at(`${CAMERA}/imaging`), async ({ request }) => {
      const { values } = (await request.json()) as { values: Record<string, string> };
      world.imaging = { ...world.imaging, ...values };
      return ok(imaging());
    }),
    http.post(at(`${CAMERA}/imaging/actions/:name`), nothing),

    http.get(at(`${CAMERA}/device/io`), () => page(world.ports)),
    http.post(at(`${CAMERA}/device/io/:port`), async ({ params, request }) => {
      Object.assign(world.ports.find(({ id }) => id === params.port) ?? {}, await request.json());
      return nothing();
    }),
    http.get(at(`${CAMERA}/device/users`), () => page(world.deviceUsers)),
    http.post(at(`${CAMERA}/device/users`), async ({ request }) => {
      const { name, level } = (await request.json()) as DeviceUser;
      const one = { name, level, ours: false };
      world.deviceUsers = [...world.deviceUsers, one];
      return ok(one, 201);
    }),
    http.patch(at(`${CAMERA}/device/users/:name`), async ({ params, request }) => {
      const { level } = (await request.json()) as Partial<DeviceUser>;
      world.deviceUsers = world.deviceUsers.map((one) =>
        one.name === params.name ? { ...one, level: level ?? one.level } : one,
      );
      return nothing();
    }),
    http.delete(at(`${CAMERA}/device/users/:name`), ({ params }) => {
      world.deviceUsers = world.deviceUsers.filter(({ name }) => name !== params.name);
      return nothing();
    }),
    http.get(at(`${CAMERA}/device/clock`), () => ok({ time: iso(Date.now() - 1500), offsetMs: -1500 })),
    http.post(at(`${CAMERA}/device/clock/sync`), () => ok({ time: iso(Date.now()), offsetMs: 0 })),
    http.post(at(`${CAMERA}/device/reboot`), nothing),
    http.get(at(`${CAMERA}/talk`), () =>
      ok({ formats: [{ codec: 'pcmu', sampleRateHz: 8000, channels: 1 }] }),
    ),
    http.get(at(`${CAMERA}/edge-recordings`), ({ request }) => {
      const to = Number(new URL(request.url).searchParams.get('to'));
      return page([
        { id: 'rec_2', from: iso(to - 25 * MINUTE_MS) },
        { id: 'rec_1', from: iso(to - 50 * MINUTE_MS), to: iso(to - 27 * MINUTE_MS) },
      ]);
    }),
    // As a server without WebRTC: pictures come by the socket.
    http.post(at('/api/v1/live/:id/whep'), () => problem(404, 'not-found', 'The mock server has no WebRTC.')),
  ];
}

const SETTINGS: Imaging['settings'] = [
  {
    name: 'brightness',
    type: 'integer',
    title: { en: 'Brightness', de: 'Helligkeit' },
    min: 0,
    max: 100,
    required: false,
  },
  { name: 'wdr', type: 'boolean', title: { en: 'Wide dynamic range' }, required: false },
];
const ACTIONS: Imaging['actions'] = [
  { name: 'wipe', title: { en: 'Wipe the window', de: 'Scheibe wischen' } },
];
