// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { serverClock } from '../../api/serverClock';
import type { SkipNotice } from '../../player/archive/film';
import { SyncClock } from '../../player/together/syncClock';
import { SyncGroup } from '../../player/together/syncGroup';
import { type Direction, doubled } from '../playback/usePlaying';

/** What a camera has sent is in the archive a little later. */
const NEWEST_BEFORE_NOW_MS = 2_500;

const groupAt = (utcMs: number, onSkip: (notice: SkipNotice) => void) =>
  new SyncGroup(new SyncClock(utcMs, () => serverClock.now() - NEWEST_BEFORE_NOW_MS), onSkip);

/** The clock of the page, or one a camera, and how the one of the selected camera is told to go. */
export function useTogether(
  startMs: number,
  cameraIds: readonly string[],
  selectedId: string,
  firstRate: number,
  onSkip: (notice: SkipNotice) => void,
) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: one clock as long as the page is there
  const common = useMemo(() => groupAt(startMs, onSkip), []);
  /** Of each camera while each goes its own way. */
  const [own, setOwn] = useState<ReadonlyMap<string, SyncGroup>>();
  const groupOf = useCallback((cameraId: string) => own?.get(cameraId) ?? common, [own, common]);
  const group = groupOf(selectedId);
  const { clock } = group;

  function apart(ids: readonly string[], from: SyncClock): Map<string, SyncGroup> {
    return new Map(
      ids.map((id) => {
        const made = groupAt(from.position(), onSkip);
        made.clock.run(from.wanted());
        return [id, made];
      }),
    );
  }

  // A camera that is added later begins where the selected one is.
  const missing = own && cameraIds.filter((id) => !own.has(id));
  if (own && missing && missing.length > 0) {
    setOwn(new Map([...own, ...apart(missing, clock)]));
  }

  function setSynced(synced: boolean) {
    if (synced) {
      common.clock.seek(clock.position());
      common.clock.run(clock.wanted());
    }
    setOwn(synced ? undefined : apart(cameraIds, clock));
  }

  const speed = useSyncExternalStore(
    useCallback((listener) => clock.subscribe(listener), [clock]),
    () => clock.wanted(),
  );
  const [chosen, setChosen] = useState(firstRate);
  const direction = Math.sign(speed) as Direction;
  const rate = speed === 0 ? chosen : Math.abs(speed);
  useEffect(() => {
    if (speed !== 0) {
      setChosen(Math.abs(speed));
    }
  }, [speed]);
  return {
    group,
    /** Of all that go together; other windows go by it, too. */
    common,
    groupOf,
    synced: own === undefined,
    setSynced,
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
