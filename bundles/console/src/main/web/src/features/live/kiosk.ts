// SPDX-License-Identifier: Apache-2.0
// A window that shows a wall and nothing else, as its address says: a screen in a control room, or a window beside.
import { gridOf, isGrid } from './grids';

export interface ShownWall {
  grid: string;
  cells: (string | null)[];
}

const asked = (search: string) => new URLSearchParams(search);

/** @param search of the address that the window was opened with; what it shows later does not change it */
export const isKiosk = (search: string): boolean => asked(search).has('kiosk');

/** The wall in an address, if one is. */
export function wallIn(search: string): ShownWall | undefined {
  const grid = asked(search).get('grid') ?? undefined;
  const cells = asked(search).get('cells');
  return isGrid(grid) && cells !== null
    ? { grid, cells: cells.split(',').map((id) => (id === '' ? null : id)) }
    : undefined;
}

/** The name of a kept layout in an address, if one is. */
export const layoutIn = (search: string): string | undefined => asked(search).get('layout') ?? undefined;

/** The id of a window that was opened beside, as its address says. */
export const windowIn = (search: string): string | undefined => asked(search).get('window') ?? undefined;

/** Where a window shows this wall only. */
export function kioskAddress(grid: string, cells: readonly (string | null)[]): string {
  const shown = gridOf(grid).places.map((_, cell) => encodeURIComponent(cells[cell] ?? ''));
  return `/console/live?kiosk&grid=${encodeURIComponent(grid)}&cells=${shown.join(',')}`;
}

/** Where a window shows this kept layout only. */
export const layoutAddress = (layout: string): string =>
  `/console/live?kiosk&layout=${encodeURIComponent(layout)}`;

const opened = window.location.search;

/** Of this window. */
export const KIOSK = isKiosk(opened);
export const KIOSK_WALL = KIOSK ? wallIn(opened) : undefined;
export const KIOSK_LAYOUT = KIOSK ? layoutIn(opened) : undefined;
export const KIOSK_WINDOW = KIOSK ? windowIn(opened) : undefined;
