// SPDX-License-Identifier: Apache-2.0

/** More at once no wall shows. */
export const TOGETHER_MAX = 16;

/** So far back playback begins when it is opened from live pictures. */
export const REPLAY_MS = 30_000;

/** Name of a clock that several windows go by, in their addresses. */
export const CLOCK = 'clock';

/** Cameras of a moment, one alone too, that go by the clock of that name. */
export function linkedAddress(cameraIds: readonly string[], utcMs: number, clock: string): string {
  const moment = encodeURIComponent(new Date(utcMs).toISOString());
  const ids = cameraIds.slice(0, TOGETHER_MAX).map(encodeURIComponent).join(',');
  return `/playback?cameras=${ids}&t=${moment}&${CLOCK}=${encodeURIComponent(clock)}`;
}

/** The page of one camera, or of several together, at a moment. */
export function togetherAddress(cameraIds: readonly string[], utcMs: number): string {
  const moment = encodeURIComponent(new Date(utcMs).toISOString());
  return cameraIds.length === 1
    ? `/playback/${cameraIds[0]}?t=${moment}`
    : `/playback?cameras=${cameraIds.slice(0, TOGETHER_MAX).map(encodeURIComponent).join(',')}&t=${moment}`;
}

/** Cameras in an address, each once. */
export function camerasIn(search: URLSearchParams): string[] {
  const ids = (search.get('cameras') ?? '').split(',').filter((id) => id !== '');
  return [...new Set(ids)].slice(0, TOGETHER_MAX);
}

/** A window of its own for footage, as the whole console addresses it. */
export const windowAddress = (page: string): string => `/console${page}&kiosk`;
