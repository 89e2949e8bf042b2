// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useSearchParams } from 'react-router';
import { SharedClock } from '../../player/together/sharedClock';
import type { SyncGroup } from '../../player/together/syncGroup';
import { openWindow } from '../live/windows';
import { CLOCK, linkedAddress, windowAddress } from './address';

/** Other windows that go by the clock of this one, as the address says by a name that they have in common. */
export function useSharedClock(group: SyncGroup, cameraIds: readonly string[]) {
  const [search, setSearch] = useSearchParams();
  const name = search.get(CLOCK);
  const [shared, setShared] = useState<SharedClock>();
  useEffect(() => {
    if (name === null || !('BroadcastChannel' in window)) {
      return;
    }
    const opened = new SharedClock(group.clock, new BroadcastChannel(`nxvms.clock.${name}`));
    setShared(opened);
    return () => {
      opened.close();
      setShared(undefined);
    };
  }, [name, group]);
  const others = useSyncExternalStore(
    useCallback((listener) => shared?.subscribe(listener) ?? (() => undefined), [shared]),
    () => shared?.others() ?? 0,
  );
  useEffect(() => {
    group.shared = others > 0;
  }, [group, others]);

  const withName = (given: string | undefined) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (given === undefined) {
          next.delete(CLOCK);
        } else {
          next.set(CLOCK, given);
        }
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  return {
    name,
    others,
    /**
     * The same cameras in a window beside, where others can be chosen.
     *
     * @returns whether the browser opened it
     */
    openWindow: (): boolean => {
      const given = name ?? Math.random().toString(36).slice(2, 10);
      if (name === null) {
        withName(given);
      }
      return openWindow(windowAddress(linkedAddress(cameraIds, group.clock.position(), given)));
    },
    /** From now on this window goes its own way. */
    leave: () => withName(undefined),
  };
}
