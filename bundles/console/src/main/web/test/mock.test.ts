// SPDX-License-Identifier: Apache-2.0
import { getResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { handlersOf } from '../mocks/handlers';
import { id } from '../mocks/site';
import { World } from '../mocks/world';

const nothing = new Uint8Array();
const stills = Array.from({ length: 15 }, (_, n) => new Uint8Array([0xff, 0xd8, n]));
const world = new World({
  nowMs: Date.now(),
  open: true,
  footage: { archive: { bytes: nothing, init: nothing, fragments: [] }, stills },
});

const ask = async (path: string) => {
  const answer = await getResponse(handlersOf(world), new Request(`http://localhost:3000${path}`));
  return answer ?? new Response(null, { status: 404 });
};

const bytesOf = async (answer: Response) => [...new Uint8Array(await answer.arrayBuffer())];

describe('pictures of the mock server', () => {
  it('are of now, of cameras that send some', async () => {
    const answer = await ask(`/api/v1/cameras/${id(1)}/snapshot?stream=main&width=640`);
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'image/jpeg']);
    const takenMs = Date.parse(answer.headers.get('X-NXvms-Captured') ?? '');
    expect(Date.now() - takenMs).toBeLessThan(60_000);
    expect((await bytesOf(answer))[2]).toBe(((takenMs - world.site.bornMs) / 2_000) % 15);
    expect((await ask(`/api/v1/cameras/${id(5)}/snapshot?stream=main&width=640`)).status, 'is away').toBe(
      503,
    );
    expect((await ask('/api/v1/cameras/other/snapshot')).status).toBe(404);
  });

  it('are those of footage at its moment', async () => {
    const answer = await ask(`/media/v1/archive/${id(1)}/thumbnail.jpg?at=${world.site.bornMs + 34_500}`);
    expect(await bytesOf(answer)).toEqual([0xff, 0xd8, 2]);
  });
});
