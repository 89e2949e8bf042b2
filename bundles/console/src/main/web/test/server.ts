// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { nothing } from '../mocks/answers';
import { DRIVER } from '../mocks/fixtures';
import type { Camera } from '../src/api/types';

export { problem } from '../mocks/answers';
export { camera, DRIVER, loginAnswer, STATUS, userWith } from '../mocks/fixtures';

/** An API over HTTP for tests; each test adds what it needs. */
export const server = setupServer(
  // Asked by every sign-in page; mostly there is none.
  http.get('http://localhost:3000/api/v1/auth/outside', () => HttpResponse.json({ items: [] })),
  // Asked by every wall and by the palette; mostly none is kept.
  http.get('http://localhost:3000/api/v1/layouts', () => HttpResponse.json({ items: [] })),
  // Asked by the page of plugins; mostly there is none.
  http.get('http://localhost:3000/api/v1/console/extensions/refused', () => HttpResponse.json({ items: [] })),
  // Asked by every search for motion; mostly there is none.
  http.get('http://localhost:3000/api/v1/motion/masks/:id', () =>
    HttpResponse.json({ version: 0, areas: [] }),
  ),
  // Asked by every dialog of an export.
  http.post('http://localhost:3000/api/v1/exports/estimate', () =>
    HttpResponse.json({ bytes: 1_500_000_000, segments: 90, withSound: [] }),
  ),
  // Asked by every dialog of an export, too: mostly the main stream is recorded.
  http.get('http://localhost:3000/api/v1/timeline', ({ request }) => {
    const query = new URL(request.url).searchParams;
    const [from, to] = [Number(query.get('from')), Number(query.get('to'))];
    const spans = query.get('stream') === 'sub' ? [] : [[from, to]];
    const ids = (query.get('cameras') ?? '').split(',');
    return HttpResponse.json({
      cameras: ids.map((cameraId) => ({ cameraId, spans, gaps: [] })),
      bookmarks: [],
    });
  }),
  // Asked by every dialog of a camera; mostly it was never tried.
  http.get('http://localhost:3000/api/v1/cameras/:id/report', () => nothing()),
);

export function withServer(): void {
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
}

export const api = (path: string) => `http://localhost:3000${path}`;

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
