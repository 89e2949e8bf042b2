// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { around, beginningAt, endingAt, spanned } from './selection';

const NOW = 1_000_000;

describe('a selection', () => {
  it('begins where it is told and keeps its end', () => {
    expect(beginningAt(100_000, undefined, NOW)).toEqual({ from: 100_000, to: 160_000 });
    expect(beginningAt(100_000, { from: 5, to: 300_000 }, NOW)).toEqual({ from: 100_000, to: 300_000 });
    expect(beginningAt(400_000, { from: 5, to: 300_000 }, NOW)).toEqual({ from: 400_000, to: 460_000 });
    expect(beginningAt(990_000, undefined, NOW).to).toBe(NOW);
  });

  it('ends where it is told and keeps its beginning', () => {
    expect(endingAt(100_000, undefined)).toEqual({ from: 40_000, to: 100_000 });
    expect(endingAt(100_000, { from: 20_000, to: 50_000 })).toEqual({ from: 20_000, to: 100_000 });
    expect(endingAt(10_000, { from: 20_000, to: 50_000 })).toEqual({ from: -50_000, to: 10_000 });
  });

  it('is drawn in either direction', () => {
    expect(spanned(9, 4)).toEqual({ from: 4, to: 9 });
  });

  it('is never empty and never in the future without need', () => {
    expect(around(NOW, NOW)).toEqual({ from: NOW - 60_000, to: NOW + 1000 });
    expect(around(500_000, NOW)).toEqual({ from: 440_000, to: 560_000 });
  });
});
