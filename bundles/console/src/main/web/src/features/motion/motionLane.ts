// SPDX-License-Identifier: Apache-2.0
import type { FoundMotion, MotionHeights, MotionSearch } from '../../api/motion';
import { rangeOf, type View } from '../playback/timeScale';

export const HEIGHT_MAX = 255;
const UNKNOWN = -1;
const HOUR_MS = 3_600_000;
/** What the server finds out for who looks; see `analyse` of GET /api/v1/motion/heights. */
const ANALYSED_MS_MAX = 2 * HOUR_MS;
const KNOWN_MS_MAX = 25 * HOUR_MS;
const STEPS = 4;

/** How much moved, as it is drawn. */
export interface Motion {
  from: number;
  bucketMs: number;
  heights: number[];
  told: [number, number][];
}

/** What of a timeline is asked for: what is to be seen, on a grid so that moving it a little asks for nothing. */
export function motionRange(
  view: View,
  nowMs: number,
): { from: number; to: number; analyse: boolean } | undefined {
  const step = 60_000 * 2 ** Math.ceil(Math.log2(Math.max(1, rangeOf(view) / 60_000 / STEPS)));
  const from = Math.max(0, Math.floor(view.from / step) * step);
  const latest = Math.ceil(nowMs / step) * step;
  const to = Math.min(Math.ceil(view.to / step) * step, latest);
  return to <= from || to - from > KNOWN_MS_MAX
    ? undefined
    : { from, to, analyse: to - from <= ANALYSED_MS_MAX };
}

export function motionOf(answer: MotionHeights | undefined, cameraId: string): Motion | undefined {
  const lane = answer?.cameras.find((one) => one.cameraId === cameraId);
  return answer && lane
    ? { from: Date.parse(answer.from), bucketMs: answer.bucketMs, heights: lane.heights, told: lane.told }
    : undefined;
}

/** How much moved at a moment, 0 to 1; undefined where that is not known. */
export function heightAt(motion: Motion | undefined, utcMs: number): number | undefined {
  const height = motion?.heights[Math.floor((utcMs - motion.from) / motion.bucketMs)] ?? UNKNOWN;
  return height === UNKNOWN ? undefined : height / HEIGHT_MAX;
}

/** A stretch of buckets of one height, 0 to 1. */
export interface MotionBar {
  left: number;
  right: number;
  height: number;
}

/** What is to be seen of it: one bar a pixel at most, as high as the highest bucket in it; and where nothing is known. */
export function motionBars(
  motion: Motion,
  view: View,
  width: number,
): { bars: MotionBar[]; unknown: MotionBar[] } {
  const scale = width / rangeOf(view);
  const highest = new Map<number, number>();
  const unknown: MotionBar[] = [];
  motion.heights.forEach((height, n) => {
    const start = (motion.from + n * motion.bucketMs - view.from) * scale;
    const end = start + motion.bucketMs * scale;
    if (end < 0 || start > width) {
      return;
    }
    if (height === UNKNOWN) {
      const last = unknown.at(-1);
      if (last && start - last.right < 0.5) {
        last.right = Math.min(width, end);
      } else {
        unknown.push({ left: Math.max(0, start), right: Math.min(width, end), height: 0 });
      }
      return;
    }
    if (height > 0) {
      const last = Math.min(Math.ceil(width), Math.max(Math.floor(start) + 1, Math.floor(end)));
      for (let x = Math.max(0, Math.floor(start)); x < last; x++) {
        highest.set(x, Math.max(highest.get(x) ?? 0, height));
      }
    }
  });
  const bars: MotionBar[] = [];
  for (const [x, height] of [...highest].sort(([a], [b]) => a - b)) {
    const last = bars.at(-1);
    if (last && last.right === x && last.height === height / HEIGHT_MAX) {
      last.right = x + 1;
    } else {
      bars.push({ left: x, right: x + 1, height: height / HEIGHT_MAX });
    }
  }
  return { bars, unknown };
}

/** A search, as it is drawn. */
export interface SearchedMotion {
  from: number;
  to: number;
  through: number;
  found: FoundMotion[];
}

export function searchedOf(search: MotionSearch | undefined, cameraId: string): SearchedMotion | undefined {
  const lane = search?.cameras.find((one) => one.cameraId === cameraId);
  return search && lane
    ? {
        from: Date.parse(search.from),
        to: Date.parse(search.to),
        through: search.state === 'done' ? Date.parse(search.to) : lane.through,
        found: lane.found,
      }
    : undefined;
}

/** The next finding in a direction; the one that is played, from a little before it, does not count. */
export function foundBeside(
  found: readonly FoundMotion[],
  utcMs: number,
  direction: -1 | 1,
  leadMs: number,
): FoundMotion | undefined {
  return direction > 0
    ? found.find(({ from }) => from - leadMs > utcMs + 500)
    : found.findLast(({ from }) => from - leadMs < utcMs - 500);
}
