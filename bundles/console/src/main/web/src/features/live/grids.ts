// SPDX-License-Identifier: Apache-2.0
// How a wall can be parted. Pure; places count from 0.

export interface Place {
  column: number;
  row: number;
  /** How many columns and rows it takes. */
  span: number;
}

export interface Grid {
  /** As operators say it: "9", "1+5". */
  id: string;
  side: number;
  places: readonly Place[];
}

function uniform(side: number): Grid {
  const places = Array.from({ length: side * side }, (_, cell) => ({
    column: cell % side,
    row: Math.floor(cell / side),
    span: 1,
  }));
  return { id: String(side * side), side, places };
}

/** Large places first, then every place they leave, row by row. */
function withLarge(id: string, side: number, large: readonly Place[]): Grid {
  const rest = uniform(side).places.filter(
    ({ column, row }) => !large.some((one) => covers(one, column, row)),
  );
  return { id, side, places: [...large, ...rest] };
}

function covers(place: Place, column: number, row: number): boolean {
  return (
    column >= place.column &&
    column < place.column + place.span &&
    row >= place.row &&
    row < place.row + place.span
  );
}

export const EVEN_GRIDS: readonly Grid[] = [1, 2, 3, 4].map(uniform);
export const MIXED_GRIDS: readonly Grid[] = [
  withLarge('1+5', 3, [{ column: 0, row: 0, span: 2 }]),
  withLarge('1+7', 4, [{ column: 0, row: 0, span: 3 }]),
  withLarge('2+8', 4, [
    { column: 0, row: 0, span: 2 },
    { column: 2, row: 0, span: 2 },
  ]),
  withLarge('1+12', 4, [{ column: 1, row: 1, span: 2 }]),
];
export const CELLS_MAX = 16;

const BY_ID = new Map([...EVEN_GRIDS, ...MIXED_GRIDS].map((grid) => [grid.id, grid]));
const USUAL = uniform(2);

/** The grid of that name; a wall of four for a name that is not known. */
export function gridOf(id: string): Grid {
  return BY_ID.get(id) ?? USUAL;
}

export const isGrid = (id: unknown): id is string => typeof id === 'string' && BY_ID.has(id);

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** The cell beside another one: straight on from the middle of it, nothing at the rim. */
export function neighbour(grid: Grid, cell: number, direction: Direction): number | undefined {
  const from = grid.places[cell];
  if (!from) {
    return undefined;
  }
  const middle = Math.floor((from.span - 1) / 2);
  const [column, row] = {
    ArrowLeft: [from.column - 1, from.row + middle],
    ArrowRight: [from.column + from.span, from.row + middle],
    ArrowUp: [from.column + middle, from.row - 1],
    ArrowDown: [from.column + middle, from.row + from.span],
  }[direction] as [number, number];
  const found = grid.places.findIndex((place) => covers(place, column, row));
  return found < 0 ? undefined : found;
}
