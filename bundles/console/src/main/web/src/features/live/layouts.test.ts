// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from 'vitest';
import { keptLayouts, wallNamed } from '../../../test/layouts';
import { camera, listing, server, withServer } from '../../../test/server';
import { isWall } from '../../api/layouts';
import { layoutsAndThoseMoved } from './moveLayouts';
import { cellsOf, differs, useLayouts, wallOf } from './useLayouts';
import { HOTSPOT } from './useSpot';
import { useWall } from './useWall';

withServer();

const wall = () => useWall.getState();
const layouts = () => useLayouts.getState();
const NIGHT = wallNamed('night', '1+5', ['gate']);
const DAY = wallNamed('day', '4', [null, null, null, 'yard']);
const WALLS = [NIGHT, DAY].filter(isWall);

beforeEach(() => {
  localStorage.clear();
  wall().clear();
  wall().setGrid('4');
  useLayouts.setState({ current: null, tour: null });
});

function openNight() {
  const [night] = WALLS;
  if (night) {
    layouts().open(night);
  }
}

describe('layouts', () => {
  it('bring back the wall as it was kept', () => {
    openNight();
    expect(wall()).toMatchObject({ grid: '1+5', size: 6, maximised: null });
    expect(wall().cells.slice(0, 6)).toEqual(['gate', null, null, null, null, null]);
    expect(layouts().current).toBe('id-night');
    expect(wallOf(wall())).toEqual(NIGHT.wall);
  });

  it('are kept anew without cameras that were removed', () => {
    openNight();
    wall().put(1, 'door');
    expect(wallOf(wall(), [{ id: 'gate' }])).toEqual(NIGHT.wall);
    expect(wallOf(wall()).cameras).toHaveLength(2);
  });

  it('are as they were kept though the wall still has a camera that was removed', () => {
    openNight();
    wall().put(1, 'door');
    const kept = wallOf(wall(), [{ id: 'gate' }]);
    expect(differs(kept, wall())).toBe(true);
    expect(differs(kept, wall(), [{ id: 'gate' }])).toBe(false);
    expect(differs(kept, wall(), [{ id: 'gate' }, { id: 'door' }])).toBe(true);
    wall().put(1, HOTSPOT);
    expect(differs(kept, wall(), [{ id: 'gate' }])).toBe(true);
    // One that has a removed camera itself is changed by taking it off the wall, and can be kept so.
    wall().remove(1);
    const dead = { ...kept, cameras: [...kept.cameras, { cell: 1, cameraId: 'door' }] };
    expect(differs(dead, wall(), [{ id: 'gate' }])).toBe(true);
    wall().put(1, 'door');
    expect(differs(dead, wall(), [{ id: 'gate' }])).toBe(false);
  });

  it('are told from a wall that was changed since', () => {
    openNight();
    expect(NIGHT.wall && differs(NIGHT.wall, wall())).toBe(false);
    wall().put(1, 'door');
    expect(NIGHT.wall && differs(NIGHT.wall, wall())).toBe(true);
    wall().remove(1);
    expect(NIGHT.wall && differs(NIGHT.wall, wall())).toBe(false);
    wall().setGrid('9');
    expect(NIGHT.wall && differs(NIGHT.wall, wall())).toBe(true);
  });

  it('of a later console, with more cells than this one has, show what fits', () => {
    expect(
      cellsOf({
        grid: '25',
        cameras: [
          { cell: 0, cameraId: 'a' },
          { cell: 24, cameraId: 'b' },
        ],
      }),
    ).toEqual(['a', null, null, null]);
  });

  it('that is open is remembered by the browser, a tour is not', () => {
    openNight();
    layouts().startTour([{ layoutId: 'id-day', seconds: 5 }], WALLS);
    const kept = JSON.parse(localStorage.getItem('nxvms.layout') ?? '{}').state;
    expect(kept).toEqual({ current: 'id-day' });
  });
});

describe('a tour', () => {
  const STEPS = [
    { layoutId: 'id-night', seconds: 5 },
    { layoutId: 'id-gone', seconds: 5 },
    { layoutId: 'id-day', seconds: 9 },
  ];

  it('begins with its first wall, goes past one that is gone and around', () => {
    layouts().startTour(STEPS, WALLS, 'tour');
    expect(layouts().current).toBe('id-night');
    layouts().next(WALLS);
    expect(layouts()).toMatchObject({ current: 'id-day', tour: { id: 'tour', at: 2 } });
    layouts().next(WALLS);
    expect(layouts().current).toBe('id-night');
  });

  it('stays with the wall that is shown already', () => {
    openNight();
    wall().put(1, 'door');
    layouts().startTour(STEPS, WALLS);
    expect(layouts().tour?.at).toBe(0);
    expect(wall().cells[1]).toBe('door');
  });

  it('ends when none of its walls is left', () => {
    layouts().startTour(STEPS, WALLS);
    layouts().next([]);
    expect(layouts().tour).toBeNull();
  });
});

describe('layouts that a browser kept itself', () => {
  const keepHere = (...kept: { name: string; grid: string; cells: (string | null)[] }[]) =>
    localStorage.setItem('nxvms.layouts', JSON.stringify({ state: { layouts: kept }, version: 1 }));

  it('are given to the server once, without cameras that are gone', async () => {
    keepHere(
      { name: 'Gates', grid: '4', cells: ['a', 'gone', null, 'b'] },
      { name: 'Yard', grid: '1', cells: ['b'] },
    );
    const { kept, handlers } = keptLayouts(DAY);
    server.use(...handlers, ...listing([camera('a'), camera('b')]));
    expect((await layoutsAndThoseMoved()).map(({ name }) => name)).toEqual(['day', 'Gates', 'Yard']);
    expect(kept[1]?.wall).toEqual({
      grid: '4',
      cameras: [
        { cell: 0, cameraId: 'a' },
        { cell: 3, cameraId: 'b' },
      ],
    });
    expect(localStorage.getItem('nxvms.layouts')).toBeNull();
    await layoutsAndThoseMoved();
    expect(kept).toHaveLength(3);
  });

  it('get another name where there is another one of theirs, and none where it is the same', async () => {
    keepHere({ name: 'night', grid: '1+5', cells: ['gate'] }, { name: 'day', grid: '4', cells: ['gate'] });
    const { kept, handlers } = keptLayouts(NIGHT, DAY);
    server.use(...handlers, ...listing([camera('gate'), camera('yard')]));
    await layoutsAndThoseMoved();
    expect(kept.map(({ name }) => name)).toEqual(['night', 'day', 'day 2']);
  });

  it('stay in the browser until the server takes them', async () => {
    keepHere({ name: 'Gates', grid: '4', cells: ['a'] });
    const { kept, handlers } = keptLayouts(...[]);
    server.use(...handlers, ...listing([camera('a')]));
    for (let n = 0; n < 10; n++) {
      kept.push(wallNamed(n === 0 ? 'Gates' : `Gates ${n + 1}`, '9', ['other']));
    }
    expect(await layoutsAndThoseMoved()).toHaveLength(10);
    expect(localStorage.getItem('nxvms.layouts')).toContain('Gates');
    kept.length = 0;
    expect(await layoutsAndThoseMoved()).toHaveLength(1);
    expect(localStorage.getItem('nxvms.layouts')).toBeNull();
  });
});
