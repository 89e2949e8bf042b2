// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import { ArchiveEngine } from '../../player/archive/archiveEngine';
import { httpArchive } from '../../player/archive/catalog';
import type { SkipNotice } from '../../player/archive/film';
import type { PlayerState } from '../../player/types';
import { useBridge } from '../../player/useBridge';

const IDLE: PlayerState = { phase: 'idle', lastPictureAtMs: 0 };

/**
 * A player of one camera's footage in the host element.
 *
 * @param listens whether the user may listen to the camera
 */
export function useArchivePlayer(
  cameraId: string,
  listens: boolean,
  host: RefObject<HTMLElement | null>,
  onSkip: (notice: SkipNotice) => void,
  onBeginning: () => void,
) {
  const [player, setPlayer] = useState<ArchiveEngine>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new callback must not restart the player
  useEffect(() => {
    const engine = new ArchiveEngine(httpArchive(cameraId, 'auto', listens), onSkip, onBeginning);
    if (host.current) {
      engine.attach(host.current);
    }
    setPlayer(engine);
    return () => engine.dispose();
  }, [cameraId, listens, host]);
  const state = useSyncExternalStore(
    (listener) => player?.subscribe(listener) ?? (() => undefined),
    () => player?.state() ?? IDLE,
  );
  useBridge(cameraId, host, player, state.phase);
  return { player, state };
}
