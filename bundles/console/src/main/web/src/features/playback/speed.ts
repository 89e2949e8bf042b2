// SPDX-License-Identifier: Apache-2.0
import { RATES } from './usePlaying';

const PARAMETER = 'speed';

/** The speed in an address; the usual one where there is none, or one that is not offered. */
export function speedIn(search: URLSearchParams): number {
  const speed = Number(search.get(PARAMETER));
  return RATES.find((rate) => rate === speed) ?? 1;
}

/** An address with a speed in it, unless it is the usual one. */
export function withSpeed(search: URLSearchParams, speed: number): URLSearchParams {
  const next = new URLSearchParams(search);
  if (speed === 1) {
    next.delete(PARAMETER);
  } else {
    next.set(PARAMETER, String(speed));
  }
  return next;
}
