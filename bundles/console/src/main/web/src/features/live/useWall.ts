// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const WALL_SIZES = [1, 4, 9, 16] as const;
export type WallSize = (typeof WALL_SIZES)[number];
const CELLS_MAX = 16;

interface WallState {
  size: WallSize;
  /** Camera ids; cells beyond the size are kept for when the wall grows again. */
  cells: (string | null)[];
  selected: number;
  maximised: string | null;
  /** Technical figures on each tile. */
  details: boolean;
  setSize: (size: WallSize) => void;
  put: (cell: number, cameraId: string) => void;
  /** Into the selected cell if it is empty, else the first empty one, else over the selected one. */
  add: (cameraId: string) => void;
  swap: (from: number, to: number) => void;
  remove: (cell: number) => void;
  clear: () => void;
  select: (cell: number) => void;
  maximise: (cameraId: string | null) => void;
  toggleDetails: () => void;
}

const empty = (): (string | null)[] => Array.from({ length: CELLS_MAX }, () => null);

/** The wall of this browser. A camera stands in one cell at most. */
export const useWall = create<WallState>()(
  persist(
    (set) => ({
      size: 4,
      cells: empty(),
      selected: 0,
      maximised: null,
      details: true,
      setSize: (size) =>
        set((state) => ({ size, maximised: null, selected: Math.min(state.selected, size - 1) })),
      put: (cell, cameraId) =>
        set((state) => ({ cells: placed(state.cells, cell, cameraId), selected: cell })),
      add: (cameraId) =>
        set((state) => {
          const shown = state.cells.slice(0, state.size);
          const there = shown.indexOf(cameraId);
          if (there >= 0) {
            return { selected: there, maximised: state.maximised ? cameraId : null };
          }
          const free = shown[state.selected] ? shown.indexOf(null) : state.selected;
          const cell = free >= 0 ? free : state.selected;
          return { cells: placed(state.cells, cell, cameraId), selected: cell, maximised: null };
        }),
      swap: (from, to) =>
        set((state) => {
          const cells = [...state.cells];
          [cells[from], cells[to]] = [cells[to] ?? null, cells[from] ?? null];
          return { cells, selected: to };
        }),
      remove: (cell) =>
        set((state) => ({
          cells: state.cells.map((camera, index) => (index === cell ? null : camera)),
          maximised: state.cells[cell] === state.maximised ? null : state.maximised,
        })),
      clear: () => set({ cells: empty(), maximised: null }),
      select: (selected) => set({ selected }),
      maximise: (maximised) => set({ maximised }),
      toggleDetails: () => set((state) => ({ details: !state.details })),
    }),
    {
      name: 'nxvms.wall',
      version: 1,
      partialize: ({ size, cells, details }) => ({ size, cells, details }),
    },
  ),
);

function placed(cells: readonly (string | null)[], cell: number, cameraId: string): (string | null)[] {
  return cells.map((camera, index) => (index === cell ? cameraId : camera === cameraId ? null : camera));
}
