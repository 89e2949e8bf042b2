// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { camera, STATUS } from '../../../test/server';
import { pathTo, SITE, type TreeRow, treeRows } from './rows';
import { type KeyStep, keyStep, typedStep } from './treeKeys';

const cameras = [
  camera('1', { name: 'Gate 10', group: 'Outside' }),
  camera('2', { name: 'Gate 9', group: 'Outside' }),
  camera('3', { name: 'Lobby' }),
  camera('4', { name: 'Safe', group: 'Inside' }),
];
const site = { name: 'Site', serverName: () => 'Server', others: [] };
const shown = (rows: TreeRow[]) => rows.map((row) => `${'·'.repeat(row.depth)}${row.label}`);
const labels = (filter = '', closed: string[] = []) =>
  shown(treeRows(cameras, site, filter, new Set(closed)));

describe('tree', () => {
  it('goes from site and server over groups to cameras, numbers in their order', () => {
    expect(labels()).toEqual([
      'Site',
      '·Server',
      '··Inside',
      '···Safe',
      '··Outside',
      '···Gate 9',
      '···Gate 10',
      '··Lobby',
    ]);
  });

  it('hides what is closed', () => {
    expect(labels('', ['server/Outside'])).toEqual([
      'Site',
      '·Server',
      '··Inside',
      '···Safe',
      '··Outside',
      '··Lobby',
    ]);
    expect(labels('', ['server'])).toEqual(['Site', '·Server']);
    expect(labels('', [SITE])).toEqual(['Site']);
  });

  it('filters by every word, by group and address too, and opens what it finds', () => {
    const found = ['Site', '·Server', '··Outside', '···Gate 9', '···Gate 10'];
    expect(labels('out gate', ['server/Outside', SITE])).toEqual(found);
    expect(labels('inside')).toEqual(['Site', '·Server', '··Inside', '···Safe']);
    expect(labels('192.0.2.1/3')).toEqual(['Site', '·Server', '··Lobby']);
    expect(labels('nothing')).toEqual([]);
  });
});

describe('groups within groups', () => {
  const nested = [
    camera('1', { name: 'Dock', group: 'Hall/Cellar/East' }),
    camera('2', { name: 'Stairs', group: 'Hall/Cellar', status: { ...STATUS, state: 'offline' } }),
    camera('3', { name: 'Door', group: 'Hall', status: { ...STATUS, state: 'unauthorized' } }),
    camera('4', { name: 'Ramp', group: 'Yard', status: { ...STATUS, state: 'disabled' } }),
    camera('5', { name: 'Pole', group: 'Hall/Cellar', status: { ...STATUS, state: 'offline' } }),
  ];
  const rows = (filter = '', closed: string[] = []) => treeRows(nested, site, filter, new Set(closed));
  const branch = (label: string) => {
    const found = rows().find((row) => row.label === label);
    return found && 'open' in found ? found : undefined;
  };

  it('stand below each other as slashes part them', () => {
    expect(shown(rows())).toEqual([
      'Site',
      '·Server',
      '··Hall',
      '···Cellar',
      '····East',
      '·····Dock',
      '····Pole',
      '····Stairs',
      '···Door',
      '··Yard',
      '···Ramp',
    ]);
    expect(shown(rows('', ['server/Hall/Cellar']))).toContain('···Cellar');
    expect(shown(rows('', ['server/Hall/Cellar']))).not.toContain('····East');
  });

  it('say how many cameras are below them, and how many of these are worst off', () => {
    const said = (label: string) => {
      const { count, worst, worstCount } = branch(label) ?? {};
      return [count, worst?.state, worstCount];
    };
    expect(said('East')).toEqual([1, undefined, 0]);
    expect(said('Cellar')).toEqual([3, 'offline', 2]);
    expect(said('Hall')).toEqual([4, 'unauthorized', 1]);
    expect(said('Yard')).toEqual([1, undefined, 0]);
    expect(said('Site')).toEqual([5, 'unauthorized', 1]);
  });

  it('name the path to a camera by what is to be opened', () => {
    const ids = rows().map(({ id }) => id);
    const path = pathTo(nested[0] as (typeof nested)[0]);
    expect(path).toEqual(['site', 'server', 'server/Hall', 'server/Hall/Cellar', 'server/Hall/Cellar/East']);
    expect(path.every((id) => ids.includes(id))).toBe(true);
  });

  it('say where each line stands among those beside it', () => {
    expect(rows().map(({ place, places }) => `${place}/${places}`)).toEqual([
      '1/1',
      '1/1',
      '1/2',
      '1/2',
      '1/3',
      '1/1',
      '2/3',
      '3/3',
      '2/2',
      '2/2',
      '1/1',
    ]);
  });

  it('have other servers of the directory beside the one that is open', () => {
    const others = [{ name: 'Warehouse', address: 'https://warehouse.example' }];
    const all = treeRows(nested, { ...site, others }, '', new Set(['server']));
    expect(shown(all)).toEqual(['Site', '·Server', '·Warehouse']);
    expect(all.map(({ places }) => places)).toEqual([1, 2, 2]);
    expect(shown(treeRows(nested, { ...site, others }, 'ware', new Set()))).toEqual(['Site', '·Warehouse']);
  });

  describe('are walked by keys', () => {
    const at = (label: string, closed: string[] = []) => {
      const lines = rows('', closed);
      return { lines, line: lines.findIndex((row) => row.label === label) };
    };
    const step = (label: string, key: string, closed: string[] = []) => {
      const { lines, line } = at(label, closed);
      const { active, toggle, choose } = keyStep(lines, line, key) as KeyStep;
      return [lines[active]?.label, ...toggle, ...(choose ? ['chosen'] : [])];
    };

    it('inwards: opens what is closed, goes into what is open, stays at a camera', () => {
      expect(step('Hall', 'ArrowRight', ['server/Hall'])).toEqual(['Hall', 'server/Hall']);
      expect(step('Hall', 'ArrowRight')).toEqual(['Cellar']);
      expect(step('Dock', 'ArrowRight')).toEqual(['Dock']);
    });

    it('outwards: closes what is open, goes to what is above it', () => {
      expect(step('Hall', 'ArrowLeft')).toEqual(['Hall', 'server/Hall']);
      expect(step('Hall', 'ArrowLeft', ['server/Hall'])).toEqual(['Server']);
      expect(step('Dock', 'ArrowLeft')).toEqual(['East']);
      expect(step('Site', 'ArrowLeft', [SITE])).toEqual(['Site']);
    });

    it('up, down, to the ends, and by asterisk all of a level', () => {
      expect(step('Hall', 'ArrowDown')).toEqual(['Cellar']);
      expect(step('Hall', 'ArrowUp')).toEqual(['Server']);
      expect(step('Site', 'ArrowUp')).toEqual(['Site']);
      expect(step('Hall', 'End')).toEqual(['Ramp']);
      expect(step('Hall', 'Home')).toEqual(['Site']);
      expect(step('Hall', '*', ['server/Hall', 'server/Yard'])).toEqual([
        'Hall',
        'server/Hall',
        'server/Yard',
      ]);
      expect(step('Dock', 'Enter')).toEqual(['Dock', 'chosen']);
      expect(keyStep(rows(), 0, 'Tab')).toBeUndefined();
    });

    it('by their first letters, round and round', () => {
      const { lines, line } = at('Door');
      const typed = (from: number, text: string) => lines[typedStep(lines, from, text)]?.label;
      expect(typed(line, 's')).toBe('Site');
      expect(typed(0, 's')).toBe('Server');
      expect(typed(0, 'st')).toBe('Stairs');
      expect(typed(line, 'x')).toBe('Door');
    });
  });
});
