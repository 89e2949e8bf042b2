// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';

/** Keeps the screen from going dark, where the browser lets a page do that (HTTPS only); a page nobody sees has no lock. */
export function useWakeLock(wanted: boolean): void {
  useEffect(() => {
    const { wakeLock } = navigator as { wakeLock?: WakeLock };
    if (!wanted || !wakeLock) {
      return;
    }
    let held: WakeLockSentinel | undefined;
    let over = false;
    const ask = async () => {
      if (document.hidden || (held && !held.released)) {
        return;
      }
      // Refused on a low battery: then the screen does what the system wants.
      const lock = await wakeLock.request('screen').catch(() => undefined);
      if (over) {
        void lock?.release();
      } else {
        held = lock;
      }
    };
    void ask();
    // The browser takes the lock away with the page's sight.
    document.addEventListener('visibilitychange', ask);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', ask);
      void held?.release();
    };
  }, [wanted]);
}
