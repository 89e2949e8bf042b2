// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { gridOf } from './grids';
import { useWall } from './useWall';

/** What a wall shows, under a name. */
export interface Layout {
  name: string;
  grid: string;
  cells: (string | null)[];
}

const LAYOUTS_MAX = 50;
export const NAME_MAX = 60;
export const DWELLS_S = [5, 10, 30, 60] as const;

interface LayoutsState {
  layouts: Layout[];
  /** The one that was opened or saved last. */
  current: string | null;
  /** How long a tour stays with each; nothing while there is none. */
  tourS: number | null;
  /** Keeps the wall as it is, in the place of one of that name. */
  save: (name: string) => void;
  open: (name: string) => void;
  forget: (name: string) => void;
  /** The one after the current, the first after the last. */
  next: () => void;
  startTour: (dwellS: number) => void;
  endTour: () => void;
}

/** Layouts kept in this browser. */
export const useLayouts = create<LayoutsState>()(
  persist(
    (set, get) => ({
      layouts: [],
      current: null,
      tourS: null,
      save: (name) => {
        const { grid, size, cells } = useWall.getState();
        const saved = { name, grid, cells: cells.slice(0, size) };
        const others = get().layouts;
        const at = others.findIndex((one) => one.name === name);
        const layouts = at < 0 ? [...others, saved].slice(-LAYOUTS_MAX) : others.with(at, saved);
        set({ layouts, current: name });
      },
      open: (name) => {
        const found = get().layouts.find((one) => one.name === name);
        if (found) {
          useWall.getState().show(found.grid, found.cells);
          set({ current: name });
        }
      },
      forget: (name) =>
        set(({ layouts, current, tourS }) => {
          const left = layouts.filter((one) => one.name !== name);
          return {
            layouts: left,
            current: current === name ? null : current,
            tourS: left.length > 1 ? tourS : null,
          };
        }),
      next: () => {
        const { layouts, current, open } = get();
        const at = layouts.findIndex((one) => one.name === current);
        const following = layouts[(at + 1) % Math.max(1, layouts.length)];
        if (following) {
          open(following.name);
        }
      },
      startTour: (dwellS) => set(({ layouts }) => ({ tourS: layouts.length > 1 ? dwellS : null })),
      endTour: () => set({ tourS: null }),
    }),
    {
      name: 'nxvms.layouts',
      version: 1,
      partialize: ({ layouts, current }) => ({ layouts, current }),
    },
  ),
);

/** Whether the wall is not as the layout has it. */
export function differs(layout: Layout, wall: { grid: string; cells: readonly (string | null)[] }): boolean {
  const shown = gridOf(layout.grid).places.map((_, cell) => wall.cells[cell] ?? null);
  return layout.grid !== wall.grid || shown.some((id, cell) => id !== (layout.cells[cell] ?? null));
}
