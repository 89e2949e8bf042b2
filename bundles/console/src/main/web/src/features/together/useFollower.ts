// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { FootageOf } from '../../api/types';
import { ArchiveEngine } from '../../player/archive/archiveEngine';
import { httpArchive } from '../../player/archive/catalog';
import type { SyncGroup } from '../../player/together/syncGroup';
import type { PlayerState } from '../../player/types';
import { useBridge } from '../../player/useBridge';

const IDLE: PlayerState = { phase: 'idle', lastPictureAtMs: 0 };

/**
 * A player of one camera's footage that follows the group's clock; it is the same one in another group.
 *
 * @param listens whether the user may listen to the camera
 */
export function useFollower(
  group: SyncGroup,
  cameraId: string,
  listens: boolean,
  stream: FootageOf,
  host: RefObject<HTMLElement | null>,
) {
  const [player, setPlayer] = useState<ArchiveEngine>();
  const leave = useRef(() => {});
  useEffect(() => {
    const engine = new ArchiveEngine(httpArchive(cameraId, stream, listens), undefined, undefined, true);
    if (host.current) {
      engine.attach(host.current);
    }
    setPlayer(engine);
    return () => {
      // First, so that nobody follows a clock with it any more.
      leave.current();
      engine.dispose();
    };
  }, [cameraId, listens, stream, host]);
  useEffect(() => {
    if (player) {
      const leaving = group.join(player);
      leave.current = leaving;
      return leaving;
    }
  }, [group, player]);
  const state = useSyncExternalStore(
    (listener) => player?.subscribe(listener) ?? (() => undefined),
    () => player?.state() ?? IDLE,
  );
  useBridge(cameraId, host, player, state.phase);
  return { player, state };
}
