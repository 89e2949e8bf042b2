// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from 'vitest';
import { differs, useLayouts } from './useLayouts';
import { useWall } from './useWall';

const wall = () => useWall.getState();
const layouts = () => useLayouts.getState();

beforeEach(() => {
  wall().clear();
  wall().setGrid('4');
  useLayouts.setState({ layouts: [], current: null, tourS: null });
});

function saveNightAndDay() {
  wall().setGrid('1+5');
  wall().put(0, 'gate');
  layouts().save('night');
  wall().setGrid('4');
  wall().clear();
  wall().put(3, 'yard');
  layouts().save('day');
}

describe('layouts', () => {
  it('bring back the wall as it was kept', () => {
    saveNightAndDay();
    layouts().open('night');
    expect(wall()).toMatchObject({ grid: '1+5', size: 6, maximised: null });
    expect(wall().cells.slice(0, 6)).toEqual(['gate', null, null, null, null, null]);
    layouts().open('day');
    expect(wall().cells.slice(0, 4)).toEqual([null, null, null, 'yard']);
    expect(layouts().current).toBe('day');
  });

  it('are told from a wall that was changed since', () => {
    saveNightAndDay();
    const day = layouts().layouts[1];
    expect(day && differs(day, wall())).toBe(false);
    wall().put(0, 'door');
    expect(day && differs(day, wall())).toBe(true);
    layouts().save('day');
    expect(layouts().layouts.map(({ name }) => name)).toEqual(['night', 'day']);
    expect(layouts().layouts[1]?.cells).toEqual(['door', null, null, 'yard']);
    wall().setGrid('9');
    expect(differs({ name: 'day', grid: '4', cells: ['door', null, null, 'yard'] }, wall())).toBe(true);
  });

  it('follow each other in a tour, the first after the last', () => {
    saveNightAndDay();
    layouts().next();
    expect(layouts().current).toBe('night');
    layouts().next();
    expect(layouts().current).toBe('day');
  });

  it('make no tour of one alone, and none goes on when the second is forgotten', () => {
    layouts().save('only');
    layouts().startTour(5);
    expect(layouts().tourS).toBeNull();
    layouts().save('other');
    layouts().startTour(5);
    expect(layouts().tourS).toBe(5);
    layouts().forget('other');
    expect(layouts()).toMatchObject({ tourS: null, current: null });
  });

  it('are remembered by the browser, a tour is not', () => {
    saveNightAndDay();
    layouts().startTour(5);
    const kept = JSON.parse(localStorage.getItem('nxvms.layouts') ?? '{}').state;
    expect(kept.layouts.map((one: { name: string }) => one.name)).toEqual(['night', 'day']);
    expect(kept).not.toHaveProperty('tourS');
  });

  it('forget the oldest when there are too many', () => {
    for (let n = 0; n < 51; n++) {
      layouts().save(`layout ${n}`);
    }
    expect(layouts().layouts).toHaveLength(50);
    expect(layouts().layouts[0]?.name).toBe('layout 1');
  });
});
