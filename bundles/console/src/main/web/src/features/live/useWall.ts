// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { CELLS_MAX, gridOf, isGrid } from './grids';
import { KIOSK, KIOSK_WALL } from './kiosk';
import { noteSelected } from './useSpot';

interface WallState {
  /** Name of its grid. */
  grid: string;
  /** How many cells the grid has. */
  size: number;
  /** Camera ids, and `HOTSPOT` at most once; cells beyond the size are kept for when the wall grows again. */
  cells: (string | null)[];
  selected: number;
  maximised: string | null;
  /** Technical figures on each tile. */
  details: boolean;
  setGrid: (grid: string) => void;
  put: (cell: number, cameraId: string) => void;
  /** Into the selected cell if it is empty, else the first empty one, else over the selected one. */
  add: (cameraId: string) => void;
  swap: (from: number, to: number) => void;
  remove: (cell: number) => void;
  clear: () => void;
  /** All at once, as it was kept. */
  show: (grid: string, cells: readonly (string | null)[]) => void;
  select: (cell: number) => void;
  maximise: (cameraId: string | null) => void;
  toggleDetails: () => void;
}

const empty = (): (string | null)[] => Array.from({ length: CELLS_MAX }, () => null);
const filled = (cells: readonly (string | null)[]) => empty().map((_, cell) => cells[cell] ?? null);
const sizeOf = (grid: string): number => gridOf(grid).places.length;

/** The wall of this browser. A camera stands in one cell at most. */
export const useWall = create<WallState>()(
  persist(
    (set, get) => ({
      grid: '4',
      size: 4,
      cells: empty(),
      selected: 0,
      maximised: null,
      details: true,
      setGrid: (wanted) =>
        set((state) => {
          const grid = gridOf(wanted).id;
          const size = sizeOf(grid);
          return { grid, size, maximised: null, selected: Math.min(state.selected, size - 1) };
        }),
      put: (cell, cameraId) => {
        noteSelected(cameraId);
        set((state) => ({ cells: placed(state.cells, cell, cameraId), selected: cell }));
      },
      add: (cameraId) => {
        noteSelected(cameraId);
        set((state) => {
          const shown = state.cells.slice(0, state.size);
          const there = shown.indexOf(cameraId);
          if (there >= 0) {
            return { selected: there, maximised: state.maximised ? cameraId : null };
          }
          const free = shown[state.selected] ? shown.indexOf(null) : state.selected;
          const cell = free >= 0 ? free : state.selected;
          return { cells: placed(state.cells, cell, cameraId), selected: cell, maximised: null };
        });
      },
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
      show: (wanted, cells) =>
        set(() => {
          const grid = gridOf(wanted).id;
          return { grid, size: sizeOf(grid), cells: filled(cells), selected: 0, maximised: null };
        }),
      select: (selected) => {
        noteSelected(get().cells[selected]);
        set({ selected });
      },
      maximise: (maximised) => set({ maximised }),
      toggleDetails: () => set((state) => ({ details: !state.details })),
    }),
    {
      name: 'nxvms.wall',
      version: 2,
      // What a window beside shows is not the wall of this browser.
      storage: createJSONStorage(() => (KIOSK ? readOnly(localStorage) : localStorage)),
      partialize: ({ grid, cells, details }) => ({ grid, cells, details }),
      migrate: (kept) => {
        // Before there were others, a wall was named by how many cells it has.
        const { size, ...rest } = kept as { size?: number };
        return { ...rest, grid: String(size) };
      },
      merge: (kept, own) => {
        const stored = { ...(kept as Partial<WallState> | undefined), ...KIOSK_WALL };
        const grid = isGrid(stored.grid) ? stored.grid : own.grid;
        return { ...own, ...stored, grid, size: sizeOf(grid), cells: filled(stored.cells ?? []) };
      },
    },
  ),
);

/** A declaration, because it is called while this file is being loaded. */
function readOnly(storage: Storage) {
  return {
    getItem: (name: string) => storage.getItem(name),
    setItem: () => undefined,
    removeItem: () => undefined,
  };
}

function placed(cells: readonly (string | null)[], cell: number, cameraId: string): (string | null)[] {
  return cells.map((camera, index) => (index === cell ? cameraId : camera === cameraId ? null : camera));
}
