// SPDX-License-Identifier: Apache-2.0
// What is recorded, and what people do with it: timeline, segments and their bytes, bookmarks, locks, exports.
import { HttpResponse, http } from 'msw';
import type { BookmarkDraft } from '../../src/api/bookmarks';
import type { LockDraft, Removal, RemovalDraft } from '../../src/api/evidence';
import type { Export, ExportDraft } from '../../src/api/exports';
import type { GapFill, GapFillDraft } from '../../src/api/gapFills';
import type { TimelineAnswer } from '../../src/api/types';
import { absent, at, nothing, ok, page, problem } from '../answers';
import { bookmark, exportJob, lock } from '../fixtures';
import { iso, SEGMENT_MS } from '../site';
import { EXPORT_BYTES, EXPORT_MS, type MockExport, type World } from '../world';
import { userOf } from './entry';

const DAY_MS = 86_400_000;
const KEPT_MS = 72 * 3_600_000;

export function footage(world: World) {
  const { site } = world;
  return [
    http.get(at('/api/v1/timeline'), ({ request }) => ok(timeline(world, new URL(request.url).searchParams))),

    http.get(at('/api/v1/archive/:camera/segments'), ({ request }) => {
      const query = new URL(request.url).searchParams;
      const [from = 0, to = 0, limit] = ['from', 'to', 'limit'].map((name) => Number(query.get(name)));
      const items = site
        .segments(Date.now())
        .filter(({ startMs, durationMs }) => startMs < to && startMs + durationMs > from);
      return page(items.slice(0, limit || 200));
    }),

    http.get(at('/api/v1/archive/segments/:segment/index'), ({ params }) => {
      const startMs = Number(String(params.segment).slice(1));
      return ok({
        segmentId: params.segment,
        initId: 'archive',
        codecs: 'avc1.4D401F',
        startMs,
        open: startMs + SEGMENT_MS > Date.now(),
        fragments: site.fragmentsOf(startMs, Date.now()),
      });
    }),

    http.get(at('/api/v1/archive/:camera/coverage'), ({ request }) => {
      const query = new URL(request.url).searchParams;
      const [from = 0, to = 0] = ['from', 'to'].map((name) => Number(query.get(name)));
      const day = (startMs: number, endMs: number) => {
        const totalMs = endMs - startMs;
        const missingMs = Math.max(0, Math.min(endMs, site.bornMs) - startMs);
        const coveredMs = totalMs - missingMs;
        const missing = missingMs > 0 ? [{ cause: 'server_down', ms: missingMs }] : [];
        return { totalMs, coveredMs, percent: (100 * coveredMs) / totalMs, missing };
      };
      const stream = query.get('stream') ?? 'main';
      const days: object[] = [];
      for (let start = from; start < to && stream === 'main'; start += DAY_MS) {
        days.push({ day: iso(start).slice(0, 10), ...day(start, Math.min(to, start + DAY_MS)) });
      }
      return ok({ stream, all: day(from, to), days });
    }),

    http.get(at('/media/v1/init/:id'), () => bytes(world.footage?.archive.init, 'video/mp4')),

    http.get(at('/media/v1/segments/:id'), ({ request }) => {
      const whole = world.footage?.archive.bytes;
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.get('Range') ?? '') ?? [];
      return from === undefined
        ? bytes(whole, 'video/mp4')
        : bytes(whole?.subarray(Number(from), Number(to) + 1), 'video/mp4', 206);
    }),

    // Its pictures are all there is.
    http.get(at('/media/v1/tracks/:id/v/:part'), ({ params }) => {
      const [offset = 0, length = 0] = String(params.part).split(/[-.]/).map(Number);
      return bytes(world.footage?.archive.bytes.subarray(offset, offset + length), 'video/mp4');
    }),

    http.get(at('/media/v1/archive/:camera/thumbnail.jpg'), ({ request }) =>
      still(world, Number(new URL(request.url).searchParams.get('at'))),
    ),

    http.get(at('/api/v1/cameras/:camera/snapshot'), ({ params }) => {
      const one = site.find(params.camera);
      if (!one) {
        return absent('camera');
      }
      return site.sends(one)
        ? still(world, Date.now())
        : problem(503, 'unavailable', 'The camera sends no pictures of this stream at the moment.');
    }),

    http.get(at('/api/v1/archive/keys'), () => page([{ id: 'ab'.repeat(32), pem: '', current: true }])),

    ...bookmarks(world),
    ...evidence(world),
    ...exports(world),
  ];
}

function bytes(content: Uint8Array<ArrayBuffer> | undefined, type: string, status = 200) {
  return content
    ? new HttpResponse(content, { status, headers: { 'Content-Type': type, 'Cache-Control': 'no-store' } })
    : absent('footage');
}

/** The key picture at or before a moment. */
function still({ site, footage }: World, atMs: number) {
  const stills = footage?.stills ?? [];
  if (stills.length === 0) {
    return absent('footage');
  }
  const eachMs = SEGMENT_MS / stills.length;
  const number = Math.floor((atMs - site.bornMs) / eachMs);
  const answer = bytes(stills[number % stills.length], 'image/jpeg');
  answer.headers.set('X-NXvms-Captured', iso(site.bornMs + number * eachMs));
  return answer;
}

function timeline({ site, bookmarks: all }: World, query: URLSearchParams): TimelineAnswer {
  const [from = 0, to = 0, buckets = 1] = ['from', 'to', 'buckets'].map((name) => Number(query.get(name)));
  const bucketMs = Math.max(1, Math.ceil((to - from) / buckets));
  const nowMs = Date.now();
  const spans: [number, number][] = [];
  for (const { startMs, durationMs } of site.segments(nowMs)) {
    const last = spans.at(-1);
    if (last && startMs - last[1] <= bucketMs) {
      last[1] = startMs + durationMs;
    } else {
      spans.push([startMs, startMs + durationMs]);
    }
  }
  const cameraIds = (query.get('cameras') ?? '').split(',');
  const marked = all.filter((one) => one.cameraIds.some((camera) => cameraIds.includes(camera)));
  return {
    from: iso(from),
    to: iso(to),
    bucketMs,
    cameras: cameraIds.map((cameraId) => ({
      cameraId,
      spans: spans.filter(([start, end]) => start < to && end > from),
      gaps: site.gaps.filter((gap) => gap.start < to && (gap.end ?? nowMs) > from),
      first: site.bornMs,
      last: nowMs,
    })),
    bookmarks: marked.map(({ id, cameraIds: of, title, ...one }) => ({
      id,
      cameraIds: of,
      title,
      start: Date.parse(one.from),
      ...(one.to ? { end: Date.parse(one.to) } : {}),
    })),
    bookmarksLeftOut: false,
  };
}

const bookmarks = (world: World) => [
  http.get(at('/api/v1/bookmarks'), ({ request }) => {
    const text = (new URL(request.url).searchParams.get('text') ?? '').toLowerCase();
    return page(world.bookmarks.filter((one) => `${one.title} ${one.text}`.toLowerCase().includes(text)));
  }),
  http.post(at('/api/v1/bookmarks'), async ({ request }) => {
    const draft = (await request.json()) as BookmarkDraft;
    const one = bookmark(world.newId(), draft);
    world.bookmarks = [one, ...world.bookmarks];
    return ok(one, 201);
  }),
  http.patch(at('/api/v1/bookmarks/:id'), async ({ params, request }) => {
    const draft = (await request.json()) as BookmarkDraft;
    const old = world.bookmarks.find(({ id }) => id === params.id);
    if (!old) {
      return absent('bookmark');
    }
    const one = { ...old, ...draft, version: old.version + 1 };
    world.bookmarks = world.bookmarks.map((other) => (other === old ? one : other));
    return ok(one);
  }),
  http.delete(at('/api/v1/bookmarks/:id'), ({ params }) => {
    world.bookmarks = world.bookmarks.filter(({ id }) => id !== params.id);
    return nothing();
  }),
];

const evidence = (world: World) => [
  http.get(at('/api/v1/locks'), () => page(world.locks)),
  http.post(at('/api/v1/locks'), async ({ request }) => {
    const one = lock(world.newId(), (await request.json()) as LockDraft);
    world.locks = [one, ...world.locks];
    return ok(one, 201);
  }),
  http.delete(at('/api/v1/locks/:id'), ({ params }) => {
    world.locks = world.locks.filter(({ id }) => id !== params.id);
    return nothing();
  }),
  http.get(at('/api/v1/gap-fills'), () => page(world.fills)),
  http.post(at('/api/v1/gap-fills'), async ({ request }) => {
    const draft = (await request.json()) as GapFillDraft;
    const now = iso(Date.now());
    const one: GapFill = {
      ...draft,
      id: world.newId(),
      state: 'done',
      missingMs: 60_000,
      filledMs: 60_000,
      createdBy: userOf(world, request)?.username ?? '',
      created: now,
      finished: now,
    };
    world.fills = [one, ...world.fills];
    return ok(one, 201);
  }),
  http.post(at('/api/v1/removals'), async ({ request }) => {
    const { cameraId, from, to, confirm } = (await request.json()) as RemovalDraft;
    const some = { segments: 12, bytes: EXPORT_BYTES, from, to };
    const removal: Removal = confirm
      ? { cameraId, removed: { segments: some.segments, bytes: some.bytes, kept: 0 } }
      : { cameraId, removable: some, confirm: 'these' };
    return ok(removal);
  }),
];

function asIs({ begunMs, ...one }: MockExport): Export {
  const part = one.state === 'done' ? 1 : begunMs ? Math.min(1, (Date.now() - begunMs) / EXPORT_MS) : 0;
  const left = begunMs && part < 1 ? { remainingSeconds: Math.ceil(((1 - part) * EXPORT_MS) / 1000) } : {};
  const ready = { state: 'done', expires: iso(Date.now() + KEPT_MS), url: `/media/v1/exports/${one.id}` };
  return { ...one, bytesDone: Math.round(part * EXPORT_BYTES), ...left, ...(part === 1 ? ready : {}) };
}

const exports = (world: World) => [
  http.get(at('/api/v1/exports'), () => page(world.exports.map(asIs))),
  http.post(at('/api/v1/exports'), async ({ request }) => {
    const draft = (await request.json()) as ExportDraft;
    const one = exportJob(world.newId(), {
      ...draft,
      state: 'running',
      createdBy: userOf(world, request)?.username ?? '',
      created: iso(Date.now()),
      bytesExpected: EXPORT_BYTES,
    });
    world.exports = [{ ...one, begunMs: Date.now() }, ...world.exports];
    return ok(one, 201);
  }),
  http.post(at('/api/v1/exports/estimate'), async ({ request }) => {
    const { cameraIds, from, to } = (await request.json()) as ExportDraft;
    const lengthMs = Date.parse(to) - Date.parse(from);
    const bytesPerMs = 375;
    return ok({
      bytes: lengthMs * bytesPerMs * cameraIds.length,
      segments: cameraIds.length * Math.ceil(lengthMs / SEGMENT_MS),
      withSound: [],
      ...(lengthMs > DAY_MS ? { objection: 'Packages have 8 GiB of at most 10 GiB. Remove exports.' } : {}),
    });
  }),
  http.delete(at('/api/v1/exports/:id'), ({ params }) => {
    world.exports = world.exports.filter(({ id }) => id !== params.id);
    return nothing();
  }),
];
