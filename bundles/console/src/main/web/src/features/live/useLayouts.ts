// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { LayoutWall, TourStep, WallLayout } from '../../api/layouts';
import { gridOf } from './grids';
import { HOTSPOT } from './useSpot';
import { useWall } from './useWall';

export const DWELLS_S = [5, 10, 30, 60] as const;

/** Walls that are shown one after the other. */
interface Running {
  /** Of the kept tour; none for all layouts in turn. */
  id: string | null;
  steps: readonly TourStep[];
  at: number;
}

interface LayoutsState {
  /** Id of the one that was opened or saved last in this browser. */
  current: string | null;
  tour: Running | null;
  open: (layout: WallLayout) => void;
  /** The wall is as this one has it, as far as this browser knows. */
  settle: (id: string | null) => void;
  /** Begins with the step that is shown already, else with the first. */
  startTour: (steps: readonly TourStep[], known: readonly WallLayout[], id?: string) => void;
  /** The next of them that is still there, the first after the last. */
  next: (known: readonly WallLayout[]) => void;
  endTour: () => void;
}

/** What of the kept layouts this browser shows. */
export const useLayouts = create<LayoutsState>()(
  persist(
    (set, get) => ({
      current: null,
      tour: null,
      open: ({ id, wall }) => {
        useWall.getState().show(wall.grid, cellsOf(wall));
        set({ current: id });
      },
      settle: (current) => set({ current }),
      startTour: (steps, known, id) => {
        const shown = steps.findIndex(({ layoutId }) => layoutId === get().current);
        set({ tour: { id: id ?? null, steps, at: shown < 0 ? steps.length - 1 : shown } });
        if (shown < 0) {
          get().next(known);
        }
      },
      next: (known) => {
        const { tour, open } = get();
        if (!tour) {
          return;
        }
        for (let step = 1; step <= tour.steps.length; step++) {
          const at = (tour.at + step) % tour.steps.length;
          const following = known.find(({ id }) => id === tour.steps[at]?.layoutId);
          if (following) {
            open(following);
            set({ tour: { ...tour, at } });
            return;
          }
        }
        set({ tour: null });
      },
      endTour: () => set({ tour: null }),
    }),
    {
      name: 'nxvms.layout',
      version: 1,
      partialize: ({ current }) => ({ current }),
    },
  ),
);

/** The cells of a kept wall. */
export function cellsOf(wall: LayoutWall): (string | null)[] {
  const cells: (string | null)[] = gridOf(wall.grid).places.map(() => null);
  for (const { cell, cameraId } of wall.cameras) {
    if (cell < cells.length) {
      cells[cell] = cameraId;
    }
  }
  if (wall.hotspot !== undefined && wall.hotspot < cells.length) {
    cells[wall.hotspot] = HOTSPOT;
  }
  return cells;
}

/**
 * A wall as it is kept.
 *
 * @param there the cameras there are: the server takes no new layout with one that was removed, so that it is left out
 */
export function wallOf(
  wall: { grid: string; cells: readonly (string | null)[] },
  there?: readonly { id: string }[],
): LayoutWall {
  const cameras = gridOf(wall.grid).places.flatMap((_, cell) => {
    const cameraId = wall.cells[cell];
    return cameraId && cameraId !== HOTSPOT && !isGone(cameraId, there) ? [{ cell, cameraId }] : [];
  });
  const hotspot = gridOf(wall.grid).places.findIndex((_, cell) => wall.cells[cell] === HOTSPOT);
  return { grid: wall.grid, cameras, ...(hotspot < 0 ? {} : { hotspot }) };
}

const isGone = (cameraId: string, there?: readonly { id: string }[]): boolean =>
  there !== undefined && !there.some(({ id }) => id === cameraId);

/**
 * Whether the wall is not as the layout has it.
 *
 * @param there the cameras there are: one that was removed cannot be kept, so that it makes no difference
 */
export function differs(
  kept: LayoutWall,
  wall: { grid: string; cells: readonly (string | null)[] },
  there?: readonly { id: string }[],
): boolean {
  const same = (id: string | null, shown: string | null) =>
    id === shown || (id === null && shown !== null && shown !== HOTSPOT && isGone(shown, there));
  return kept.grid !== wall.grid || cellsOf(kept).some((id, cell) => !same(id, wall.cells[cell] ?? null));
}
