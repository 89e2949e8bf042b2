// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { serverClock } from '../../api/serverClock';
import type { SkipNotice } from '../../player/archive/archiveEngine';
import { SyncClock } from '../../player/together/syncClock';
import { SyncGroup } from '../../player/together/syncGroup';
import { type Direction, doubled } from '../playback/usePlaying';

/** What a camera has sent is in the archive a little later. */
const NEWEST_BEFORE_NOW_MS = 2_500;

/** The clock of the page, and how it is told to go. */
export function useTogether(startMs: number, onSkip: (notice: SkipNotice) => void) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: one clock as long as the page is there
  const group = useMemo(
    () => new SyncGroup(new SyncClock(startMs, () => serverClock.now() - NEWEST_BEFORE_NOW_MS), onSkip),
    [],
  );
  const { clock } = group;
  const speed = useSyncExternalStore(
    useCallback((listener) => clock.subscribe(listener), [clock]),
    () => clock.wanted(),
  );
  const [chosen, setChosen] = useState(1);
  const direction = Math.sign(speed) as Direction;
  const rate = speed === 0 ? chosen : Math.abs(speed);
  useEffect(() => {
    if (speed !== 0) {
      setChosen(Math.abs(speed));
    }
  }, [speed]);
  return {
    group,
    direction,
    rate,
    toggle: (there: -1 | 1) => clock.run(direction === there ? 0 : there * rate),
    faster: (there: -1 | 1) => clock.run(there * (direction === there ? doubled(rate) : 1)),
    changeRate: (wanted: number) => {
      setChosen(wanted);
      if (direction !== 0) {
        clock.run(direction * wanted);
      }
    },
  };
}
