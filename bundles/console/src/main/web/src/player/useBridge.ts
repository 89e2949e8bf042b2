// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useLayoutEffect, useRef } from 'react';
import { keepPicture, showKept } from './bridge';
import type { ShownPicture } from './mse/video';
import type { PlayerPhase } from './types';

/** Nothing of its own is to be seen yet, and nothing is known to be wrong. */
const COMING = new Set<PlayerPhase>(['idle', 'connecting', 'buffering']);

/**
 * Shows the picture that a camera had on the page before until the player has its own, and keeps the player's for the
 * page behind. All of it before the browser paints: there is no moment without a picture.
 */
export function useBridge(
  cameraId: string,
  host: RefObject<HTMLElement | null>,
  player: { onScreen(): ShownPicture | undefined } | undefined,
  phase: PlayerPhase,
): void {
  const latest = useRef(player);
  latest.current = player;
  const cover = useRef<HTMLCanvasElement>(undefined);
  useLayoutEffect(() => {
    const element = host.current;
    cover.current = element ? showKept(cameraId, element) : undefined;
    return () => {
      const own = latest.current?.onScreen();
      const still = cover.current;
      keepPicture(
        cameraId,
        own && own.width > 0 ? own : still && { element: still, width: still.width, height: still.height },
      );
      still?.remove();
      cover.current = undefined;
    };
  }, [cameraId, host]);
  useLayoutEffect(() => {
    if (!COMING.has(phase)) {
      cover.current?.remove();
      cover.current = undefined;
    }
  }, [phase]);
}
