// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';
import { useLayouts } from './useLayouts';
import { useWall } from './useWall';

/** Shows the kept layouts one after the other while the page is open; it waits while one camera is looked at. */
export function useTour(): void {
  const tourS = useLayouts((state) => state.tourS);
  const looking = useWall((wall) => wall.maximised !== null);
  useEffect(() => {
    if (tourS !== null && !looking) {
      const timer = setInterval(() => useLayouts.getState().next(), tourS * 1000);
      return () => clearInterval(timer);
    }
  }, [tourS, looking]);
}
