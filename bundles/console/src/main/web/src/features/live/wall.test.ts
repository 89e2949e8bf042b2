// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useWall } from './useWall';

const wall = () => useWall.getState();
const shown = () => wall().cells.slice(0, wall().size);

beforeEach(() => {
  wall().clear();
  wall().setGrid('4');
  wall().select(0);
});

describe('wall', () => {
  it('fills the selected cell, then the first empty ones', () => {
    wall().select(2);
    for (const id of ['a', 'b', 'c']) {
      wall().add(id);
    }
    expect(shown()).toEqual(['b', 'c', 'a', null]);
  });

  it('replaces the selected camera when there is no empty cell', () => {
    for (const id of ['a', 'b', 'c', 'd']) {
      wall().add(id);
    }
    wall().select(1);
    wall().add('e');
    expect(shown()).toEqual(['a', 'e', 'c', 'd']);
  });

  it('has a camera only once', () => {
    wall().put(0, 'a');
    wall().put(3, 'a');
    expect(shown()).toEqual([null, null, null, 'a']);
    wall().add('a');
    expect(shown()).toEqual([null, null, null, 'a']);
    expect(wall().selected).toBe(3);
  });

  it('swaps cells and remembers those of a larger wall', () => {
    wall().put(0, 'a');
    wall().put(3, 'b');
    wall().swap(0, 3);
    expect(shown()).toEqual(['b', null, null, 'a']);
    wall().setGrid('1');
    expect(shown()).toEqual(['b']);
    wall().setGrid('4');
    expect(shown()).toEqual(['b', null, null, 'a']);
  });

  it('restores a maximised camera that is taken off', () => {
    wall().put(1, 'a');
    wall().maximise('a');
    wall().remove(1);
    expect(wall().maximised).toBeNull();
  });

  it('is remembered by the browser', () => {
    wall().put(2, 'kept');
    expect(JSON.parse(localStorage.getItem('nxvms.wall') ?? '{}').state.cells[2]).toBe('kept');
  });
});

describe('a wall that an earlier console has kept', () => {
  afterEach(() => wall().setGrid('4'));

  it('has as many cells as it had', async () => {
    const cells = ['a', null, 'b', ...Array.from({ length: 13 }, () => null)];
    localStorage.setItem(
      'nxvms.wall',
      JSON.stringify({ version: 1, state: { size: 9, cells, details: false } }),
    );
    await useWall.persist.rehydrate();
    expect(wall()).toMatchObject({ grid: '9', size: 9, details: false });
    expect(shown().slice(0, 3)).toEqual(['a', null, 'b']);
  });

  it('is one of four when its grid is not known here', async () => {
    localStorage.setItem(
      'nxvms.wall',
      JSON.stringify({ version: 2, state: { grid: '99', cells: [], details: true } }),
    );
    await useWall.persist.rehydrate();
    expect(wall()).toMatchObject({ grid: '4', size: 4 });
  });
});
