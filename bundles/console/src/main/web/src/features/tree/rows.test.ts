// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { camera } from '../../../test/server';
import { treeRows } from './rows';

const cameras = [
  camera('1', { name: 'Gate 10', group: 'Outside' }),
  camera('2', { name: 'Gate 9', group: 'Outside' }),
  camera('3', { name: 'Lobby' }),
  camera('4', { name: 'Safe', group: 'Inside' }),
];
const labels = (filter = '', closed: string[] = []) =>
  treeRows(cameras, () => 'Site', filter, new Set(closed)).map(
    (row) => `${'·'.repeat(row.depth)}${row.label}`,
  );

describe('tree', () => {
  it('goes from server over groups to cameras, numbers in their order', () => {
    expect(labels()).toEqual(['Site', '·Inside', '··Safe', '·Outside', '··Gate 9', '··Gate 10', '·Lobby']);
  });

  it('hides what is closed', () => {
    expect(labels('', ['server/Outside'])).toEqual(['Site', '·Inside', '··Safe', '·Outside', '·Lobby']);
    expect(labels('', ['server'])).toEqual(['Site']);
  });

  it('filters by every word, by group and address too, and opens what it finds', () => {
    expect(labels('out gate', ['server/Outside'])).toEqual(['Site', '·Outside', '··Gate 9', '··Gate 10']);
    expect(labels('inside')).toEqual(['Site', '·Inside', '··Safe']);
    expect(labels('192.0.2.1/3')).toEqual(['Site', '·Lobby']);
    expect(labels('nothing')).toEqual([]);
  });
});
