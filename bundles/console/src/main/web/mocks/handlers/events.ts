// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import type { EventItem, EventKind } from '../../src/api/types';
import { at, ok, page } from '../answers';
import { event } from '../fixtures';
import { id, iso } from '../site';
import type { World } from '../world';

/** Something happens as often as this. */
const EVERY_MS = 15_000;
const RANKS = ['info', 'warning', 'critical'];

const KINDS: EventKind[] = [
  { kind: 'camera.motion', form: 'state', severity: 'info', title: 'Motion' },
  { kind: 'camera.input', form: 'pulse', severity: 'info', title: 'Input' },
  { kind: 'stream.down', form: 'state', severity: 'warning', title: 'Stream down' },
  { kind: 'recording.gap', form: 'state', severity: 'critical', title: 'Gap in the recording' },
  { kind: 'acme.door', form: 'pulse', severity: 'info', title: 'Door opened', external: true },
];

function fits(one: EventItem, query: URLSearchParams): boolean {
  const among = (name: string, value: string | undefined) =>
    !query.get(name) || (value !== undefined && query.get(name)?.split(',').includes(value) === true);
  const startMs = Date.parse(one.start);
  const endMs = one.end ? Date.parse(one.end) : one.form === 'state' ? Number.MAX_SAFE_INTEGER : startMs;
  const words = (query.get('text') ?? '').toLowerCase().split(' ').filter(Boolean);
  // Of very many events it is asked only where there are words to look for.
  const said = words.length > 0 ? JSON.stringify(one).toLowerCase() : '';
  return (
    words.every((word) => word.split('|').some((alternative) => said.includes(alternative))) &&
    among('kinds', one.kind) &&
    among('cameras', one.cameraId) &&
    RANKS.indexOf(one.severity) >= RANKS.indexOf(query.get('severity') ?? 'info') &&
    endMs >= Number(query.get('from') ?? 0) &&
    startMs < Number(query.get('to') ?? Number.MAX_SAFE_INTEGER)
  );
}

export const events = (world: World) => [
  http.get(at('/api/v1/events/kinds'), () => page(KINDS)),

  http.get(at('/api/v1/events/stream'), ({ request }) => {
    const query = new URL(request.url).searchParams;
    const say = (type: string, sequence: number, data: object) =>
      new TextEncoder().encode(`event: ${type}\nid: ${sequence}\ndata: ${JSON.stringify(data)}\n\n`);
    let timer: ReturnType<typeof setInterval>;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        const newest = world.events[0]?.sequence ?? 0;
        controller.enqueue(say('open', newest, {}));
        timer = setInterval(() => {
          const one = happens(world);
          if (fits(one, query)) {
            controller.enqueue(say('event', one.sequence, one));
          }
        }, EVERY_MS);
      },
      cancel() {
        clearInterval(timer);
      },
    });
    return new HttpResponse(stream, { headers: { 'Content-Type': 'text/event-stream' } });
  }),

  http.get(at('/api/v1/events'), ({ request }) => {
    const query = new URL(request.url).searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const to = from + Number(query.get('limit') ?? 100);
    const all = world.events.filter((one) => fits(one, query));
    return ok({ items: all.slice(from, to), ...(to < all.length ? { nextCursor: String(to) } : {}) });
  }),
];

function happens(world: World): EventItem {
  const sequence = (world.events[0]?.sequence ?? 0) + 1;
  const cameraId = id(1 + (sequence % 9));
  const one = event(world.newId(), sequence, {
    serverId: world.site.serverId,
    kind: 'camera.input',
    severity: RANKS[sequence % RANKS.length] ?? 'info',
    source: { type: 'camera', id: cameraId, part: '1' },
    cameraId,
    form: 'pulse',
    start: iso(Date.now()),
    detail: '',
    attributes: { input: '1' },
  });
  world.events.unshift(one);
  return one;
}
