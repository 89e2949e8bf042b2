// SPDX-License-Identifier: Apache-2.0

/** What to do about the distance between the shown picture and the newest one. Times in seconds of media time. */
export interface EdgeDecision {
  rate: number;
  /** Jump there instead of playing towards it. */
  seekTo?: number;
}

export const EDGE = {
  /** Wanted distance; below it the picture stutters with the network's jitter. */
  targetS: 0.25,
  /** No correction inside this band. */
  lowS: 0.12,
  highS: 0.45,
  /** Beyond it playing faster takes too long. */
  jumpS: 3,
  slowest: 0.92,
  fastest: 1.25,
} as const;

/**
 * Holds the live edge by speed, as small steps as the eye forgives; jumps over holes and over long lags.
 *
 * @param ranges what is buffered, ascending
 */
export function decideEdge(
  position: number,
  ranges: readonly { start: number; end: number }[],
  rateNow: number,
): EdgeDecision {
  const last = ranges[ranges.length - 1];
  if (!last) {
    return { rate: 1 };
  }
  if (position < last.start) {
    // In a hole or in an older range: units were skipped. The newest range begins with a key frame.
    const held = ranges.find((range) => position >= range.start && position < range.end - 0.05);
    if (!held || last.end - last.start > EDGE.targetS) {
      return { rate: 1, seekTo: Math.max(last.start, last.end - EDGE.targetS) };
    }
    return { rate: EDGE.fastest };
  }
  const lag = last.end - position;
  if (lag > EDGE.jumpS) {
    return { rate: 1, seekTo: Math.max(last.start, last.end - EDGE.targetS) };
  }
  if (lag > EDGE.highS) {
    return { rate: Math.min(EDGE.fastest, 1 + (lag - EDGE.targetS) * 0.25) };
  }
  if (lag < EDGE.lowS) {
    return { rate: EDGE.slowest };
  }
  // Inside the band keep correcting until the target is reached, then run at 1.
  const corrected = (rateNow > 1 && lag <= EDGE.targetS) || (rateNow < 1 && lag >= EDGE.targetS);
  return { rate: corrected || rateNow === 1 ? 1 : rateNow };
}
