// SPDX-License-Identifier: Apache-2.0
import { getJson, request } from '../../api/client';
import type { FootageOf, Page, Segment, SegmentIndex } from '../../api/types';
import { partOf } from './part';

export interface ArchiveSource extends TrackSource {
  segments(from: number, to: number, limit: number): Promise<Segment[]>;
  index(segmentId: string): Promise<SegmentIndex>;
  /** In one answer no fragment begins so long after the first; absent: as much as is asked for. */
  batchMsMax?: number;
  /** What is to be heard; absent for who may not. */
  sound?: TrackSource;
}

/** Bytes of footage, as it lies there or a track by itself. */
export interface TrackSource {
  init(initId: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Of whole fragments, as they lie in these bytes of the segment. */
  bytes(
    segmentId: string,
    offset: number,
    length: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

/** Single tracks are given as manifests name them: up to a key frame at which 3.8 s have passed. */
export const TRACK_MS_MAX = 3_700;

const FUTURE_MS = 24 * 3600_000;
const PAGE = 32;
const LOOK_BACK_FIRST_MS = 15 * 60_000;
const LOOK_BACK_TRIES = 8;
const LOOK_BACK_FACTOR = 6;
const SEGMENTS_MAX = 4000;
const INDEXES_MAX = 64;
/** So little of a segment counts as its beginning. */
const BEGUN_MS = 1_000;

export interface Found {
  segment: Segment;
  /** The moment itself is inside the segment; else it is the nearest one in the direction asked for. */
  hit: boolean;
}

export const endOf = (segment: Segment): number => segment.startMs + segment.durationMs;

/** A file may be there in parts. */
export const keyOf = (segment: Segment): string => `${segment.id}@${segment.startMs}`;

/** What is recorded around the moments that were asked for; remembers what cannot change any more. */
export class ArchiveCatalog {
  private known: Segment[] = [];
  private readonly indexes = new Map<string, SegmentIndex>();
  private readonly inits = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(
    private readonly source: ArchiveSource,
    private readonly now: () => number,
  ) {}

  /** The segment with the moment, else the first one after it, else the last one before it. */
  async find(utcMs: number): Promise<Found | undefined> {
    // Of one that still grows, what was known of it stays true.
    const cached = this.known.find((segment) => utcMs >= segment.startMs && utcMs < endOf(segment));
    if (cached) {
      return { segment: cached, hit: true };
    }
    const segments = await this.load(utcMs);
    const segment = segments.find((candidate) => endOf(candidate) > utcMs);
    if (segment) {
      return { segment, hit: segment.startMs <= utcMs };
    }
    const before = await this.before(utcMs);
    return before && { segment: before, hit: false };
  }

  /** The last segment that begins before the moment. */
  async before(utcMs: number): Promise<Segment | undefined> {
    let spanMs = LOOK_BACK_FIRST_MS;
    for (let tries = 0; tries < LOOK_BACK_TRIES; tries++) {
      const from = Math.max(0, utcMs - spanMs);
      const found = await this.lastBetween(from, utcMs);
      if (found || from === 0) {
        return found;
      }
      spanMs *= LOOK_BACK_FACTOR;
    }
    return undefined;
  }

  /**
   * Where a segment begins: before the moment, unless that is at the very beginning of one, or behind it. Each stretch of footage
   * begins with one, so that none is passed.
   */
  async beginningBeside(utcMs: number, direction: -1 | 1): Promise<number | undefined> {
    const segment =
      direction < 0
        ? await this.before(utcMs - BEGUN_MS)
        : (await this.load(utcMs)).find(({ startMs }) => startMs > utcMs + BEGUN_MS);
    return segment?.startMs;
  }

  /** The segment behind this one, however long the gap between. */
  async next(segment: Segment): Promise<Segment | undefined> {
    const at = this.known.findIndex((candidate) => keyOf(candidate) === keyOf(segment));
    const cached = at >= 0 ? this.known[at + 1] : undefined;
    // Adjacent pieces of one run have nothing between them; otherwise look, something may lie there.
    if (cached && cached.runId === segment.runId && cached.sequence === segment.sequence + 1) {
      return cached;
    }
    const segments = await this.load(endOf(segment));
    return segments.find((candidate) => candidate.startMs > segment.startMs);
  }

  /**
   * Fragments of a segment, or of what is to be played of it; asks again while it grows.
   *
   * @param reachMs a moment that is enough to be known
   */
  async index(segment: Segment, reachMs = Number.POSITIVE_INFINITY): Promise<SegmentIndex> {
    // The file of a part may grow on behind it.
    const enoughMs = segment.open ? reachMs : Math.min(reachMs, endOf(segment) - 1);
    return partOf(segment, await this.whole(segment, enoughMs));
  }

  private async whole(segment: Segment, reachMs: number): Promise<SegmentIndex> {
    const known = this.indexes.get(segment.id);
    const last = known?.fragments.at(-1);
    if (known && (!known.open || (last && reachMs < last.startMs + last.durationMs))) {
      return known;
    }
    const index = await this.source.index(segment.id);
    this.indexes.delete(segment.id);
    this.indexes.set(segment.id, index);
    const oldest = this.indexes.keys().next().value;
    if (this.indexes.size > INDEXES_MAX && oldest !== undefined) {
      this.indexes.delete(oldest);
    }
    return index;
  }

  init(initId: string): Promise<Uint8Array<ArrayBuffer>> {
    let init = this.inits.get(initId);
    if (!init) {
      init = this.source.init(initId);
      init.catch(() => this.inits.delete(initId));
      this.inits.set(initId, init);
    }
    return init;
  }

  private async lastBetween(from: number, to: number): Promise<Segment | undefined> {
    let last: Segment | undefined;
    let cursor = from;
    // A page is full of earlier ones first: walk on to the last.
    for (;;) {
      const page = await this.source.segments(cursor, to, 1000);
      const end = page[page.length - 1];
      if (!end || end.id === last?.id) {
        return last;
      }
      last = end;
      if (page.length < 1000) {
        return last;
      }
      cursor = endOf(end);
    }
  }

  private async load(from: number): Promise<Segment[]> {
    const segments = await this.source.segments(from, this.now() + FUTURE_MS, PAGE);
    segments.sort((a, b) => a.startMs - b.startMs);
    const fresh = new Set(segments.map(keyOf));
    this.known = [...this.known.filter((segment) => !fresh.has(keyOf(segment))), ...segments]
      .sort((a, b) => a.startMs - b.startMs)
      .slice(-SEGMENTS_MAX);
    return segments;
  }
}

/**
 * The archive of one camera over HTTP.
 *
 * @param listens whether the user may listen: files with sound in them are for who may, others are given the pictures alone
 */
export function httpArchive(cameraId: string, stream: FootageOf, listens: boolean): ArchiveSource {
  const camera = encodeURIComponent(cameraId);
  return {
    ...(listens ? { ...wholeFiles, sound: oneTrack('a') } : { ...oneTrack('v'), batchMsMax: TRACK_MS_MAX }),
    segments: (from, to, limit) =>
      getJson<Page<Segment>>(
        `/api/v1/archive/${camera}/segments?from=${Math.floor(from)}&to=${Math.ceil(to)}&stream=${stream}&limit=${limit}`,
      ).then((page) => page.items),
    index: (segmentId) =>
      getJson<SegmentIndex>(`/api/v1/archive/segments/${encodeURIComponent(segmentId)}/index`),
  };
}

/** Footage as it lies in its files. */
const wholeFiles: TrackSource = {
  init: (initId) => mediaBytes(`/media/v1/init/${encodeURIComponent(initId)}`),
  bytes: async (segmentId, offset, length, signal) => {
    const response = await mediaRequest(
      `/media/v1/segments/${encodeURIComponent(segmentId)}`,
      `bytes=${offset}-${offset + length - 1}`,
      signal,
    );
    const bytes = new Uint8Array(await response.arrayBuffer());
    // A proxy that ignores ranges sends the whole.
    return response.status === 200 && bytes.length > length ? bytes.slice(offset, offset + length) : bytes;
  },
};

/** Its pictures or its sound alone. */
const oneTrack = (track: 'v' | 'a'): TrackSource => ({
  init: (initId) => mediaBytes(`/media/v1/init/${encodeURIComponent(initId)}-${track}`),
  bytes: (segmentId, offset, length, signal) =>
    mediaBytes(`/media/v1/tracks/${encodeURIComponent(segmentId)}/${track}/${offset}-${length}.m4s`, signal),
});

async function mediaBytes(path: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const response = await mediaRequest(path, undefined, signal);
  return new Uint8Array(await response.arrayBuffer());
}

function mediaRequest(path: string, range?: string, signal?: AbortSignal): Promise<Response> {
  return request(path, {
    headers: { Accept: 'video/mp4, audio/mp4', ...(range ? { Range: range } : {}) },
    signal,
  });
}
