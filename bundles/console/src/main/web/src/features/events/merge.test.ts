// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { event } from '../../../mocks/fixtures';
import { mergeEvents } from './merge';

describe('merging', () => {
  it('keeps the newest change of each, newest start first', () => {
    const merged = mergeEvents(
      [event('a', 3, { detail: 'new' }), event('b', 1, { start: '2026-11-25T13:00:00.000Z' })],
      [event('a', 2, { detail: 'old' }), event('c', 9)],
    );
    expect(merged.map((one) => [one.id, one.detail])).toEqual([
      ['b', 'Connection refused'],
      ['c', 'Connection refused'],
      ['a', 'new'],
    ]);
  });
});
