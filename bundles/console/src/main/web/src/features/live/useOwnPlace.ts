// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';
import { KIOSK_LAYOUT, KIOSK_WINDOW, kioskAddress } from './kiosk';
import { useWall } from './useWall';
import { ownBounds, useWindows } from './windows';

/** Browsers tell nobody that a window was moved. */
const LOOKED_MS = 2_000;

/**
 * Keeps in mind where this window stands and what it shows, so that it is opened so again.
 *
 * @param layout the name in its address, if one is
 * @returns ends it
 */
export function keepPlace(id: string, layout: string | undefined): () => void {
  let before = '';
  const look = () => {
    const { grid, cells } = useWall.getState();
    const address = layout
      ? `/console/live?kiosk&layout=${encodeURIComponent(layout)}`
      : kioskAddress(grid, cells);
    const bounds = ownBounds();
    const now = JSON.stringify([address, bounds]);
    // One that is minimised may say that it is nowhere.
    if (now !== before && !document.hidden) {
      before = now;
      useWindows.getState().keep({ id, address, bounds, atMs: Date.now() });
    }
  };
  look();
  const timer = setInterval(look, LOOKED_MS);
  window.addEventListener('pagehide', look);
  const leaveWall = useWall.subscribe(look);
  return () => {
    clearInterval(timer);
    window.removeEventListener('pagehide', look);
    leaveWall();
  };
}

/** In a window that was opened beside. */
export function useOwnPlace(): void {
  useEffect(() => (KIOSK_WINDOW ? keepPlace(KIOSK_WINDOW, KIOSK_LAYOUT) : undefined), []);
}
