// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import { KIOSK_WINDOW } from './kiosk';
import { ownBounds, useWindows } from './windows';

/** Browsers tell nobody that a window was moved. */
const LOOKED_MS = 2_000;

/** A moment that goes on is no change; the last one is kept when the window goes. */
const withoutMoment = (address: string) => address.replace(/([?&])t=[^&]*/, '$1');

/**
 * Keeps in mind where a window stands and what it shows, so that it is opened so again.
 *
 * @param address of what it shows
 * @param changes tells when it shows something else, and returns what ends that
 * @returns ends it
 */
export function keepPlace(
  id: string,
  address: () => string,
  changes: (look: () => void) => () => void = () => () => undefined,
): () => void {
  let before = '';
  const keep = () => {
    const shown = address();
    const bounds = ownBounds();
    before = JSON.stringify([withoutMoment(shown), bounds]);
    useWindows.getState().keep({ id, address: shown, bounds, atMs: Date.now() });
  };
  const look = () => {
    const now = JSON.stringify([withoutMoment(address()), ownBounds()]);
    // One that is minimised may say that it is nowhere.
    if (now !== before && !document.hidden) {
      keep();
    }
  };
  const leave = () => {
    if (!document.hidden) {
      keep();
    }
  };
  look();
  const timer = setInterval(look, LOOKED_MS);
  window.addEventListener('pagehide', leave);
  const end = changes(look);
  return () => {
    clearInterval(timer);
    window.removeEventListener('pagehide', leave);
    end();
  };
}

/** In a window that was opened beside; in others nothing is kept. */
export function useOwnPlace(address: () => string, changes?: (look: () => void) => () => void): void {
  const latest = useRef({ address, changes });
  latest.current = { address, changes };
  useEffect(
    () =>
      KIOSK_WINDOW
        ? keepPlace(KIOSK_WINDOW, () => latest.current.address(), latest.current.changes)
        : undefined,
    [],
  );
}
