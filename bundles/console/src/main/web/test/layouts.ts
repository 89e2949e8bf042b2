// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import type { Layout, LayoutDraft } from '../src/api/layouts';
import { api, problem } from './server';

export const layout = (name: string, extra: Partial<Layout> = {}): Layout => ({
  id: `id-${name}`,
  version: 1,
  name,
  owner: 'admin',
  own: true,
  roles: [],
  locked: false,
  editable: true,
  ...extra,
});

export const wallNamed = (
  name: string,
  grid: string,
  cells: (string | null)[],
  extra: Partial<Layout> = {},
) =>
  layout(name, {
    wall: {
      grid,
      cameras: cells.flatMap((cameraId, cell) => (cameraId ? [{ cell, cameraId }] : [])),
    },
    ...extra,
  });

/** The server's layouts, as far as a console can tell: names are taken once, a change is made upon the newest version. */
export function keptLayouts(...initial: Layout[]) {
  const kept: Layout[] = [...initial];
  const taken = (name: string | undefined, but?: string) =>
    kept.some((one) => one.own && one.name === name && one.id !== but);
  const handlers = [
    http.get(api('/api/v1/layouts'), () => HttpResponse.json({ items: kept })),
    http.post(api('/api/v1/layouts'), async ({ request }) => {
      const draft = (await request.json()) as LayoutDraft;
      if (taken(draft.name)) {
        return problem(409, 'conflict', `There is a layout "${draft.name}" already.`);
      }
      const made = layout(draft.name ?? '', draft);
      kept.push(made);
      return HttpResponse.json(made, { status: 201 });
    }),
    http.patch(api('/api/v1/layouts/:id'), async ({ request, params }) => {
      const draft = (await request.json()) as LayoutDraft;
      const at = kept.findIndex(({ id }) => id === params.id);
      const before = kept[at];
      if (!before || request.headers.get('If-Match') !== `"${before.version}"`) {
        return problem(412, 'precondition-failed', 'It was changed meanwhile.');
      }
      const { locked, ...more } = draft;
      if (before.locked && Object.keys(more).length > 0 && locked !== false) {
        return problem(409, 'conflict', 'Unlock it first.');
      }
      const after = { ...before, ...draft, version: before.version + 1 };
      kept[at] = after;
      return HttpResponse.json(after);
    }),
    http.delete(api('/api/v1/layouts/:id'), ({ params }) => {
      kept.splice(
        kept.findIndex(({ id }) => id === params.id),
        1,
      );
      return new HttpResponse(null, { status: 204 });
    }),
  ];
  return { kept, handlers };
}
