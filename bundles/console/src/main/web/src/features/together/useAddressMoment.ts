// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import type { SyncClock } from '../../player/together/syncClock';
import { momentOf } from '../playback/moment';
import { speedIn, withSpeed } from '../playback/speed';

const EVERY_MS = 1_500;
/** Between what the address says, in milliseconds, and where a clock that stands is. */
const APART_MS = 1;

/** Keeps moment and speed in the address, so that a link opens what is seen; and goes where the address is changed to. */
export function useAddressMoment(
  clock: SyncClock,
  rate: number,
  onGo: (utcMs: number) => void,
  onMoved: (utcMs: number) => void,
): void {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('t');
  const written = useRef(new Set<string | null>([asked]));
  useEffect(() => {
    const moment = momentOf(asked);
    if (moment !== undefined && !written.current.has(asked)) {
      written.current.add(asked);
      onGo(moment);
    }
  }, [asked, onGo]);
  const latest = useRef({ search, rate, setSearch, onMoved });
  latest.current = { search, rate, setSearch, onMoved };
  useEffect(() => {
    const timer = setInterval(() => {
      const here = clock.position();
      const { search: there, rate: fast, setSearch: write, onMoved: moved } = latest.current;
      const elsewhere = Math.abs(here - (momentOf(there.get('t')) ?? 0)) > APART_MS;
      if (elsewhere || speedIn(there) !== fast) {
        const moment = new Date(here).toISOString();
        // Only the newest ones can still be on their way.
        written.current = new Set([...[...written.current].slice(-8), moment]);
        write(
          (before) => {
            const next = withSpeed(before, fast);
            next.set('t', moment);
            return next;
          },
          { replace: true, preventScrollReset: true },
        );
        if (clock.wanted() !== 0) {
          moved(here);
        }
      }
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [clock]);
}
