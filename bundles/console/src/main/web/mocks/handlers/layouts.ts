// SPDX-License-Identifier: Apache-2.0
import { http } from 'msw';
import type { Layout, LayoutDraft } from '../../src/api/layouts';
import { absent, at, nothing, ok, page, problem } from '../answers';
import type { World } from '../world';
import { userOf } from './entry';

const LAYOUTS = '/api/v1/layouts';

export const layouts = (world: World) => [
  http.get(at(LAYOUTS), () => page(world.layouts)),
  http.post(at(LAYOUTS), async ({ request }) => {
    const draft = (await request.json()) as LayoutDraft;
    const one: Layout = {
      name: '',
      roles: [],
      locked: false,
      ...draft,
      id: world.newId(),
      version: 1,
      owner: userOf(world, request)?.username ?? '',
      own: true,
      editable: true,
    };
    world.layouts = [...world.layouts, one];
    return ok(one, 201);
  }),
  http.patch(at(`${LAYOUTS}/:id`), async ({ params, request }) => {
    const old = world.layouts.find(({ id }) => id === params.id);
    if (!old) {
      return absent('layout');
    }
    if (request.headers.get('If-Match') !== `"${old.version}"`) {
      return problem(412, 'precondition-failed', 'The layout was changed meanwhile. Read it again.');
    }
    const one = { ...old, ...((await request.json()) as LayoutDraft), version: old.version + 1 };
    world.layouts = world.layouts.map((other) => (other === old ? one : other));
    return ok(one);
  }),
  http.delete(at(`${LAYOUTS}/:id`), ({ params }) => {
    world.layouts = world.layouts.filter(({ id }) => id !== params.id);
    return nothing();
  }),
];
