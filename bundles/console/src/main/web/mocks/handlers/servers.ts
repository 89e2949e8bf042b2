// SPDX-License-Identifier: Apache-2.0
import { http } from 'msw';
import type { KnownServer } from '../../src/api/servers';
import { at, ok, page, problem } from '../answers';
import type { World } from '../world';

const SERVERS = '/api/v1/known-servers';
const STATES = ['ready', 'silent', 'not_ready', 'not_asked'];

export const servers = (world: World) => [
  http.get(at(SERVERS), () => ok(world.servers)),
  http.get(at(`${SERVERS}/states`), () =>
    page(
      world.servers.servers.map(({ address }, place) => ({ address, state: STATES[place % STATES.length] })),
    ),
  ),
  http.patch(at(SERVERS), async ({ request }) => {
    if (request.headers.get('If-Match') !== `"${world.servers.version}"`) {
      return problem(412, 'precondition-failed', 'The list of servers was changed meanwhile. Read it again.');
    }
    const given = (await request.json()) as { servers: KnownServer[] };
    world.servers = { version: world.servers.version + 1, servers: given.servers };
    return ok(world.servers);
  }),
];
