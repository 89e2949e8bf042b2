// SPDX-License-Identifier: Apache-2.0
// What moves in recorded pictures: something each five minutes, and a search that takes a second for an hour.
import { http } from 'msw';
import type { FoundMotion, MotionHeights, MotionOrder, MotionSearch } from '../../src/api/motion';
import type { MotionMask } from '../../src/api/motionMask';
import { absent, at, nothing, ok, problem } from '../answers';
import { iso } from '../site';
import type { World } from '../world';

const EVERY_MS = 300_000;
const LASTS_MS = 24_000;
const FOOTAGE_MS_A_SECOND = 3_600_000;
const RUNNING_MAX = 20;

interface Begun {
  id: string;
  order: MotionOrder;
  begunMs: number;
}

export function motion(world: World) {
  const begun = new Map<string, Begun>();
  let number = 0;

  const maskOf = (id: unknown): MotionMask => world.motionMasks.get(String(id)) ?? { version: 0, areas: [] };

  return [
    http.get(at('/api/v1/motion/masks/:id'), ({ params }) => ok(maskOf(params.id))),

    http.put(at('/api/v1/motion/masks/:id'), async ({ params, request }) => {
      const { version } = maskOf(params.id);
      if (request.headers.get('If-Match') !== `"${version}"`) {
        return problem(412, 'precondition-failed', 'The motion mask was changed meanwhile. Read it again.');
      }
      const { areas } = (await request.json()) as Pick<MotionMask, 'areas'>;
      const after = { version: version + 1, areas };
      world.motionMasks.set(String(params.id), after);
      return ok(after);
    }),

    http.get(at('/api/v1/motion/heights'), ({ request }) =>
      ok(heights(world, new URL(request.url).searchParams)),
    ),

    http.post(at('/api/v1/motion/searches'), async ({ request }) => {
      number++;
      const fresh = {
        id: `motion-${number}`,
        order: (await request.json()) as MotionOrder,
        begunMs: Date.now(),
      };
      begun.set(fresh.id, fresh);
      const [oldest] = begun.keys();
      if (begun.size > RUNNING_MAX && oldest) {
        begun.delete(oldest);
      }
      return ok(searchOf(world, fresh), 202);
    }),

    http.get(at('/api/v1/motion/searches/:id'), ({ params }) => {
      const known = begun.get(String(params.id));
      return known ? ok(searchOf(world, known)) : absent('search');
    }),

    http.delete(at('/api/v1/motion/searches/:id'), ({ params }) =>
      begun.delete(String(params.id)) ? nothing() : absent('search'),
    ),
  ];
}

function heights({ site }: World, query: URLSearchParams): MotionHeights {
  const [from = 0, to = 0, buckets = 1000] = ['from', 'to', 'buckets'].map((name) => Number(query.get(name)));
  const bucketMs = Math.max(1, Math.ceil((to - from) / buckets));
  const lane: number[] = [];
  for (let start = from; start < to; start += bucketMs) {
    const into = start % EVERY_MS;
    const known = start >= site.bornMs && start < Date.now();
    lane.push(known ? (into < LASTS_MS ? 40 + ((start / EVERY_MS) % 5) * 40 : 0) : -1);
  }
  return {
    from: iso(from),
    to: iso(to),
    bucketMs,
    cameras: (query.get('cameras') ?? '').split(',').map((cameraId) => ({
      cameraId,
      heights: lane.map(Math.round),
      told: [],
      toldLeftOut: false,
      complete: true,
      analysing: false,
    })),
  };
}

function searchOf({ site }: World, { id, order, begunMs }: Begun): MotionSearch {
  const from = Math.max(Date.parse(order.from), site.bornMs);
  const to = Math.max(from, Math.min(Date.parse(order.to), Date.now()));
  const searchedMs = Math.min(to - from, ((Date.now() - begunMs) / 1000) * FOOTAGE_MS_A_SECOND);
  const through = from + searchedMs;
  const found: FoundMotion[] = [];
  for (let start = Math.ceil(from / EVERY_MS) * EVERY_MS; start + LASTS_MS <= through; start += EVERY_MS) {
    found.push({ from: start, to: start + LASTS_MS, height: 60 + ((start / EVERY_MS) % 4) * 50 });
  }
  return {
    id,
    revision: Math.round(searchedMs),
    state: searchedMs >= to - from ? 'done' : 'running',
    from: order.from,
    to: order.to,
    footageMs: to - from,
    searchedMs,
    cameras: order.cameraIds.map((cameraId) => ({
      cameraId,
      through,
      found,
      foundLeftOut: false,
      // As every second thing that moves.
      told: found
        .filter(({ from: at }) => (at / EVERY_MS) % 2 === 0)
        .map(({ from: at }) => ({ from: at + 1_000, to: at + LASTS_MS, kind: 'camera.motion' })),
      toldLeftOut: false,
      unreadable: 0,
      masked: false,
      maskedAreas: [],
    })),
  };
}
