// SPDX-License-Identifier: Apache-2.0
import type { Gap, TimelineAnswer, TimelineBookmark } from '../../api/types';

export interface Lane {
  spans: [number, number][];
  gaps: Gap[];
  first?: number;
  last?: number;
}

export const EMPTY_LANE: Lane = { spans: [], gaps: [] };

export function laneOf(answer: TimelineAnswer | undefined, cameraId: string): Lane {
  return answer?.cameras.find((camera) => camera.cameraId === cameraId) ?? EMPTY_LANE;
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
  return gap ? { kind: 'gap', gap } : { kind: 'nothing' };
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
