// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { CELLS_MAX, EVEN_GRIDS, type Grid, gridOf, isGrid, MIXED_GRIDS, neighbour } from './grids';

const ALL = [...EVEN_GRIDS, ...MIXED_GRIDS];

/** The wall as text: which cell lies on which of its squares. */
function drawn(grid: Grid): string[] {
  return Array.from({ length: grid.side }, (_, row) =>
    Array.from({ length: grid.side }, (_, column) => {
      const there = grid.places
        .map((place, cell) => ({ place, cell }))
        .filter(
          ({ place }) =>
            column >= place.column &&
            column < place.column + place.span &&
            row >= place.row &&
            row < place.row + place.span,
        );
      return there.map(({ cell }) => cell.toString(36)).join('/') || '.';
    }).join(''),
  );
}

describe('grids', () => {
  it('cover the wall, each square by one cell', () => {
    for (const grid of ALL) {
      expect({ id: grid.id, drawn: drawn(grid).join('') }).toEqual({
        id: grid.id,
        drawn: expect.stringMatching(new RegExp(`^[0-9a-z]{${grid.side ** 2}}$`)),
      });
    }
  });

  it('look as their names say', () => {
    expect(drawn(gridOf('4'))).toEqual(['01', '23']);
    expect(drawn(gridOf('1+5'))).toEqual(['001', '002', '345']);
    expect(drawn(gridOf('1+7'))).toEqual(['0001', '0002', '0003', '4567']);
    expect(drawn(gridOf('2+8'))).toEqual(['0011', '0011', '2345', '6789']);
    expect(drawn(gridOf('1+12'))).toEqual(['1234', '5006', '7008', '9abc']);
  });

  it('have as many cells as their names add up to, never more than are kept', () => {
    for (const { id, places } of ALL) {
      const sum = id.split('+').reduce((all, part) => all + Number(part), 0);
      expect({ id, cells: places.length }).toEqual({ id, cells: sum });
      expect(places.length).toBeLessThanOrEqual(CELLS_MAX);
    }
  });

  it('are those of a browser that has stored another name too', () => {
    expect(gridOf('7x7').id).toBe('4');
    expect(isGrid('7x7')).toBe(false);
    expect(isGrid('1+5')).toBe(true);
  });
});

describe('the cell beside another', () => {
  it('is the next one in the row or column, and none beyond the rim', () => {
    const nine = gridOf('9');
    expect(neighbour(nine, 4, 'ArrowLeft')).toBe(3);
    expect(neighbour(nine, 4, 'ArrowRight')).toBe(5);
    expect(neighbour(nine, 4, 'ArrowUp')).toBe(1);
    expect(neighbour(nine, 4, 'ArrowDown')).toBe(7);
    expect(neighbour(nine, 2, 'ArrowRight')).toBeUndefined();
    expect(neighbour(nine, 3, 'ArrowLeft')).toBeUndefined();
    expect(neighbour(nine, 0, 'ArrowUp')).toBeUndefined();
    expect(neighbour(nine, 8, 'ArrowDown')).toBeUndefined();
  });

  it('leads around a large one, and every cell can be reached', () => {
    const mixed = gridOf('1+5');
    expect(neighbour(mixed, 0, 'ArrowRight')).toBe(1);
    expect(neighbour(mixed, 0, 'ArrowDown')).toBe(3);
    expect(neighbour(mixed, 2, 'ArrowLeft')).toBe(0);
    expect(neighbour(mixed, 4, 'ArrowUp')).toBe(0);
    for (const grid of ALL) {
      const reached = new Set([0]);
      for (const cell of reached) {
        for (const direction of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const) {
          const next = neighbour(grid, cell, direction);
          if (next !== undefined) {
            reached.add(next);
          }
        }
      }
      expect({ id: grid.id, reached: reached.size }).toEqual({ id: grid.id, reached: grid.places.length });
    }
  });
});
