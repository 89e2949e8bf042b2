// SPDX-License-Identifier: Apache-2.0
import type { Gap, TimelineAnswer } from '../../api/types';

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
