// SPDX-License-Identifier: Apache-2.0

/** From here on it is said that another moment is shown than was asked for; the newest second is always on its way. */
const ELSEWHERE_MS = 3_000;

/** A moment without footage, and what is shown in its place. */
export interface Missed {
  askedMs: number;
  shownMs?: number;
}

/**
 * What is to be said of the picture that is shown.
 *
 * @param shownMs undefined where there is none at all
 * @param wantedMs what is led up to from the moment asked for: who comes in between misses nothing of it
 */
export function missedOf(
  askedMs: number,
  shownMs: number | undefined,
  wantedMs = askedMs,
): Missed | undefined {
  const there =
    shownMs !== undefined && shownMs >= askedMs - ELSEWHERE_MS && shownMs <= wantedMs + ELSEWHERE_MS;
  return there ? undefined : { askedMs, shownMs };
}
