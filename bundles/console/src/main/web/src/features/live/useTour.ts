// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import type { WallLayout } from '../../api/layouts';
import { useLayouts } from './useLayouts';
import { useWall } from './useWall';

/** Shows kept layouts one after the other while the page is open; it waits while one camera is looked at. */
export function useTour(known: readonly WallLayout[]): void {
  const tour = useLayouts((state) => state.tour);
  const looking = useWall((wall) => wall.maximised !== null);
  const newest = useRef(known);
  newest.current = known;
  useEffect(() => {
    const seconds = tour?.steps[tour.at]?.seconds;
    if (seconds !== undefined && !looking) {
      const timer = setTimeout(() => useLayouts.getState().next(newest.current), seconds * 1000);
      return () => clearTimeout(timer);
    }
  }, [tour, looking]);
}
