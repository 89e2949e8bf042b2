// SPDX-License-Identifier: Apache-2.0
import type { Gap, TimelineAnswer, TimelineBookmark } from '../../api/types';
import type { View } from './timeScale';

export interface Lane {
  spans: [number, number][];
  gaps: Gap[];
  first?: number;
  last?: number;
  /** Of what time this is all there is; absent: of any. */
  known?: View;
}

export const EMPTY_LANE: Lane = { spans: [], gaps: [] };
/** Of which nothing was answered yet. */
const UNASKED_LANE: Lane = { ...EMPTY_LANE, known: { from: 0, to: 0 } };

export function laneOf(answer: TimelineAnswer | undefined, cameraId: string): Lane {
  const lane = answer?.cameras.find((camera) => camera.cameraId === cameraId);
  return answer && lane
    ? { ...lane, known: { from: Date.parse(answer.from), to: Date.parse(answer.to) } }
    : UNASKED_LANE;
}

/** What was sent so long ago at most may not be in the index yet, or not in the answer. */
const NEWEST_MS = 30_000;

/** Where it is not known whether there is footage: beyond what was asked for, and at the newest end of what grows. */
export function unknownIn(lane: Lane, view: View, nowMs: number): [number, number][] {
  const to = Math.min(view.to, nowMs);
  const { from: knownFrom, to: knownTo } = lane.known ?? { from: view.from, to };
  const newest = newestOf(lane, nowMs);
  const stretches: [number, number][] = [
    [view.from, Math.min(knownFrom, to)],
    [Math.max(newest ?? knownTo, view.from), to],
  ];
  return knownTo <= knownFrom ? [[view.from, to]] : stretches.filter(([start, end]) => end > start);
}

/** From when on footage is still on its way into the index; nothing where none is. */
function newestOf({ spans, gaps }: Lane, nowMs: number): number | undefined {
  const last = spans.at(-1)?.[1];
  const grows =
    last !== undefined && nowMs - last <= NEWEST_MS && !gaps.some(({ end }) => (end ?? nowMs) > last);
  return grows ? last : undefined;
}

/** Where at least one of the cameras has footage, in order. */
export function unionOf(lanes: readonly Lane[]): [number, number][] {
  const all = lanes.flatMap(({ spans }) => spans).sort((a, b) => a[0] - b[0]);
  const union: [number, number][] = [];
  for (const [start, end] of all) {
    const last = union.at(-1);
    if (last && start <= last[1]) {
      last[1] = Math.max(last[1], end);
    } else {
      // Another pair: the answer's own is not to change.
      union.push([start, end]);
    }
  }
  return union;
}

const NO_BOOKMARKS: TimelineBookmark[] = [];

/** The same list as long as the answer is the same. */
export function bookmarksOf(answer: TimelineAnswer | undefined): TimelineBookmark[] {
  return answer?.bookmarks ?? NO_BOOKMARKS;
}

export type Moment =
  | { kind: 'recorded' }
  | { kind: 'gap'; gap: Gap }
  | { kind: 'future' }
  | { kind: 'unknown' }
  | { kind: 'nothing' };

/** What is known about a moment, for hover text and screen readers. */
export function momentAt(lane: Lane, utcMs: number, nowMs: number): Moment {
  if (utcMs > nowMs) {
    return { kind: 'future' };
  }
  if (lane.spans.some(([start, end]) => utcMs >= start && utcMs < end)) {
    return { kind: 'recorded' };
  }
  const gap = lane.gaps.find((candidate) => utcMs >= candidate.start && utcMs < (candidate.end ?? nowMs));
  if (gap) {
    return { kind: 'gap', gap };
  }
  const unknown = unknownIn(lane, { from: utcMs, to: utcMs + 1 }, nowMs).length > 0;
  return { kind: unknown ? 'unknown' : 'nothing' };
}

/** The bookmark whose mark lies there, give or take; of several the one that begins nearest. */
export function bookmarkAt(
  bookmarks: TimelineBookmark[],
  utcMs: number,
  slackMs: number,
): TimelineBookmark | undefined {
  let nearest: TimelineBookmark | undefined;
  for (const one of bookmarks) {
    const there = utcMs >= one.start - slackMs && utcMs <= (one.end ?? one.start) + slackMs;
    if (there && (!nearest || Math.abs(one.start - utcMs) < Math.abs(nearest.start - utcMs))) {
      nearest = one;
    }
  }
  return nearest;
}
