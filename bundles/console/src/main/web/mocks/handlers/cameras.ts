// SPDX-License-Identifier: Apache-2.0
import { delay, http } from 'msw';
import type { Camera, CameraDraft, ProbeReport, SetupBatch } from '../../src/api/types';
import { absent, at, nothing, ok, page, problem } from '../answers';
import { camera, DRIVER, found } from '../fixtures';
import { iso } from '../site';
import type { World } from '../world';
import { userOf } from './entry';

const CAMERAS = '/api/v1/cameras';
const TRYING_MS = 700;

export function cameras(world: World) {
  const { site } = world;
  const shown = (one: Camera, request: Request) => site.shown(one, userOf(world, request)?.permissions ?? []);
  return [
    http.get(at(CAMERAS), ({ request }) => page(site.cameras.map((one) => shown(one, request)))),

    http.get(at('/api/v1/health/cameras'), () =>
      page(
        site.cameras.map(({ id, status, enabled }) => ({
          cameraId: id,
          state: status.state,
          since: status.since,
          framesPerSecond: 0,
          bitrateBps: 0,
          packetsLost: status.state === 'not_recording' ? 42 : 0,
          gaps: enabled ? site.gaps.length : 0,
          missingSeconds: enabled
            ? Math.round(site.gaps.reduce((ms, gap) => ms + (gap.end ?? Date.now()) - gap.start, 0) / 1000)
            : 0,
        })),
      ),
    ),

    http.post(at(CAMERAS), async ({ request }) => {
      const draft = (await request.json()) as CameraDraft;
      if (site.cameras.some(({ name }) => name === draft.name)) {
        const detail = `there is already a camera "${draft.name}"`;
        return problem(422, 'validation', '', [{ field: 'name', detail }]);
      }
      const one = changed(camera(world.newId(), { version: 0, serverId: site.serverId }), draft);
      site.cameras.push(one);
      return ok(shown(one, request), 201);
    }),

    http.post(at(`${CAMERAS}/probe`), async ({ request }) => {
      await delay(TRYING_MS);
      const { address = '', password } = (await request.json()) as CameraDraft;
      if (/refused|closed/.test(address)) {
        return problem(
          422,
          'camera-unreachable',
          'Connection refused by 127.0.0.1:1; check address and port',
        );
      }
      return /secret/.test(address) && !password
        ? problem(422, 'camera-auth', 'The camera asks for a user name and password (Digest)')
        : ok(PROBED);
    }),

    http.post(at(`${CAMERAS}/setups`), async ({ request }) => {
      const order = (await request.json()) as { cameras: { address: string; name?: string }[] };
      const batch: SetupBatch = {
        id: world.newId(),
        begun: iso(Date.now()),
        revision: 1,
        runs: false,
        items: order.cameras.map(({ address, name }) => {
          const one = camera(world.newId(), { address, name: name ?? address, serverId: site.serverId });
          site.cameras.push(one);
          return { address, state: 'added', cameraId: one.id };
        }),
      };
      return ok(batch, 202);
    }),

    http.get(at(`${CAMERAS}/:id/report`), () => nothing()),

    http.post(at(`${CAMERAS}/:id/recording/:action`), nothing),

    http.get(at(`${CAMERAS}/:id`), ({ params, request }) => {
      const one = site.find(params.id);
      return one ? ok(shown(one, request), 200, { ETag: `"${one.version}"` }) : absent('camera');
    }),

    http.patch(at(`${CAMERAS}/:id`), async ({ params, request }) => {
      const one = site.find(params.id);
      if (!one) {
        return absent('camera');
      }
      if (request.headers.get('If-Match') !== `"${one.version}"`) {
        return problem(412, 'precondition-failed', 'The camera was changed meanwhile. Read it again.');
      }
      Object.assign(one, changed(one, (await request.json()) as CameraDraft));
      return ok(shown(one, request), 200, { ETag: `"${one.version}"` });
    }),

    http.delete(at(`${CAMERAS}/:id`), ({ params }) => {
      site.cameras = site.cameras.filter((one) => one.id !== params.id);
      return nothing();
    }),

    http.get(at('/api/v1/drivers'), () =>
      page([
        { ...DRIVER, cameras: site.cameras.length },
        { ...DRIVER, id: 'onvif', name: 'ONVIF', addressSchemes: ['http', 'https'], cameras: 0 },
      ]),
    ),
    http.get(at('/api/v1/drivers/:id/rollout'), () => problem(404, 'not-found', 'There was none.')),

    http.post(at('/api/v1/discovery'), () =>
      ok(
        {
          id: 's1',
          begun: iso(Date.now()),
          revision: 1,
          runs: false,
          devices: [
            found('http://192.0.2.61'),
            found('http://192.0.2.62:81', { name: 'Roof' }),
            found('http://192.0.2.1', { name: 'Gate north', cameraId: site.cameras[0]?.id ?? '' }),
          ],
          failures: {},
        },
        202,
      ),
    ),
  ];
}

/** A merge patch (RFC 7396): what is null goes. */
function changed(one: Camera, { password, recording, ...draft }: CameraDraft): Camera {
  const next: Record<string, unknown> = { ...one, recording: { ...one.recording, ...recording } };
  for (const [name, value] of Object.entries(draft)) {
    if (value === null) {
      delete next[name];
    } else if (value !== undefined) {
      next[name] = value;
    }
  }
  return {
    ...(next as unknown as Camera),
    version: one.version + 1,
    hasPassword: password ? true : one.hasPassword,
    updated: iso(Date.now()),
  };
}

const PROBED: ProbeReport = {
  identity: { manufacturer: 'Example', model: 'SC-1080', firmware: '1.4.2' },
  streams: [
    {
      role: 'main',
      name: 'main',
      codecs: 'avc1.4D401F,mp4a.40.2',
      width: 1920,
      height: 1080,
      frameRate: 25,
      hasAudio: true,
      firstKeyFrameMs: 412,
    },
    {
      role: 'sub',
      name: 'sub',
      codecs: 'avc1.4D401F',
      width: 640,
      height: 360,
      frameRate: 15,
      hasAudio: false,
      firstKeyFrameMs: 390,
    },
  ],
  durationMs: 1320,
};
