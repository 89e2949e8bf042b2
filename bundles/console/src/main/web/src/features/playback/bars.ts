// SPDX-License-Identifier: Apache-2.0
import { type Lane, unknownIn } from './timelineData';
import type { View } from './timeScale';

/** A stretch of time in pixels. */
export interface Bar {
  left: number;
  right: number;
}

/**
 * What of stretches of time is to be seen, in order. Those that touch on the screen are one: a month of footage in pieces
 * has no more bars than there are pixels.
 *
 * @param least how wide a bar is at least
 */
export function barsOf(
  count: number,
  startOf: (n: number) => number,
  endOf: (n: number) => number,
  { from, to }: View,
  width: number,
  least: number,
): Bar[] {
  const bars: Bar[] = [];
  const scale = width / (to - from);
  let last: Bar | undefined;
  for (let n = 0; n < count; n++) {
    const start = startOf(n);
    const end = endOf(n);
    if (end < from || start > to || end < start) {
      continue;
    }
    const left = Math.max(0, (start - from) * scale);
    const right = Math.max(left + least, Math.min(width, (end - from) * scale));
    if (last && left >= last.left && left <= last.right) {
      last.right = Math.max(last.right, right);
    } else {
      last = { left, right };
      bars.push(last);
    }
  }
  return bars;
}

/** Of a lane's footage. */
export const spanBars = (
  spans: readonly (readonly [number, number])[],
  view: View,
  width: number,
  least = 1,
) =>
  barsOf(
    spans.length,
    (n) => spans[n]?.[0] ?? 0,
    (n) => spans[n]?.[1] ?? 0,
    view,
    width,
    least,
  );

/** Of what is missing; a gap without an end lasts until now. */
export const gapBars = (
  gaps: readonly { start: number; end?: number }[],
  view: View,
  width: number,
  nowMs: number,
) =>
  barsOf(
    gaps.length,
    (n) => gaps[n]?.start ?? 0,
    (n) => Math.min(gaps[n]?.end ?? nowMs, nowMs),
    view,
    width,
    1.5,
  );

/** Of what is not known yet. */
export const unknownBars = (lane: Lane, view: View, width: number, nowMs: number) =>
  spanBars(unknownIn(lane, view, nowMs), view, width);
