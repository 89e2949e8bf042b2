// SPDX-License-Identifier: Apache-2.0
import { useRef } from 'react';
import { serverClock } from '../../api/serverClock';
import { isLongest, longest, RANGE_MAX_MS, rangeOf, type View, zoomAt } from './timeScale';
import type { LiveView } from './useLiveView';

const USUAL_MS = 3600_000;

/**
 * Turns to the longest time and back: to what was shown before while nothing has been moved since, else to as much time as
 * was shown before, around the moment that is pointed at.
 */
export function useLongest(live: LiveView, change: (view: View) => void): (width: number, x: number) => void {
  const left = useRef<{ before: View; longest: View }>(undefined);
  return (width, x) => {
    const now = live.now();
    if (!isLongest(now)) {
      const long = longest(now, width, x, serverClock.now());
      left.current = { before: now, longest: long };
      change(long);
    } else if (left.current?.longest === now) {
      change(left.current.before);
    } else {
      const range = left.current ? rangeOf(left.current.before) : USUAL_MS;
      change(zoomAt(now, width, x, range / RANGE_MAX_MS));
    }
  };
}
