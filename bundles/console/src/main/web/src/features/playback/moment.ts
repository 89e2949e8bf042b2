// SPDX-License-Identifier: Apache-2.0

/** The moment in an address, if there is one. */
export function momentOf(text: string | null): number | undefined {
  const ms = text === null ? Number.NaN : new Date(text).getTime();
  return Number.isFinite(ms) ? ms : undefined;
}

const PLAYED = 'play';

/** What happened is played from so long before it, so that it is seen happening. */
export const LEAD_MS = 5_000;

/** Where a camera shows what happened at a moment. */
export const happeningAt = (cameraId: string, utcMs: number): string =>
  `/playback/${cameraId}?t=${new Date(utcMs - LEAD_MS).toISOString()}&${PLAYED}`;

/** Whether an address is one of what happened, which is played at once. */
export const isPlayed = (search: URLSearchParams): boolean => search.has(PLAYED);
