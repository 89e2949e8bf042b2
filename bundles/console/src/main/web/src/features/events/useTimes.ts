// SPDX-License-Identifier: Apache-2.0
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { serverClock } from '../../api/serverClock';
import { momentOf } from '../playback/moment';
import { isRange } from '../playback/RangeFields';
import type { Selection } from '../playback/selection';

const HOUR_MS = 3_600_000;
const LENGTHS: Record<string, number | undefined> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
  all: undefined,
};
export const BETWEEN = 'between';
export const RANGES = [...Object.keys(LENGTHS), BETWEEN];

/** Which time is looked at: up to now, or from one moment to another. The address holds it. */
export function useTimes() {
  const [search, setSearch] = useSearchParams();
  const [now] = useState(() => Math.ceil(serverClock.now() / 1000) * 1000);
  const range = search.get('range') ?? '24h';
  const from = momentOf(search.get('from')) ?? now - 24 * HOUR_MS;
  const to = momentOf(search.get('to')) ?? now;
  const [typed, type] = useState<Selection>({ from, to });
  const times = useMemo((): Partial<Selection> => {
    const lengthMs = LENGTHS[range];
    return range === BETWEEN ? { from, to } : { from: lengthMs === undefined ? undefined : now - lengthMs };
  }, [range, from, to, now]);

  /** What is no range yet is kept in its fields, and not looked for. */
  function setTyped(next: Selection) {
    type(next);
    if (isRange(next)) {
      setSearch(
        (before) => {
          const address = new URLSearchParams(before);
          address.set('from', new Date(next.from).toISOString());
          address.set('to', new Date(next.to).toISOString());
          return address;
        },
        { replace: true },
      );
    }
  }

  return { now, range, times, typed, setTyped };
}
