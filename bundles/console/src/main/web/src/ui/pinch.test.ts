// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { Pinch } from './pinch';

describe('two fingers', () => {
  it('say how much further apart they went, where, and how far that was moved', () => {
    const pinch = new Pinch();
    expect(pinch.down(1, 100, 50)).toBe(false);
    expect(pinch.move(1, 110, 50)).toBeUndefined();
    expect(pinch.down(2, 210, 50)).toBe(true);
    expect(pinch.move(2, 310, 50)).toEqual({ factor: 2, x: 210, y: 50, dx: 50, dy: 0 });
    expect(pinch.move(1, 110, 90)).toMatchObject({ x: 210, y: 70, dx: 0, dy: 20 });
  });

  it('are two: a third is not looked at, and one alone says nothing', () => {
    const pinch = new Pinch();
    pinch.down(1, 0, 0);
    pinch.down(2, 100, 0);
    pinch.down(3, 500, 0);
    expect(pinch.move(3, 900, 0)).toBeUndefined();
    pinch.up(3);
    expect(pinch.active()).toBe(true);
    pinch.up(1);
    expect(pinch.active()).toBe(false);
    expect(pinch.move(2, 50, 0)).toBeUndefined();
  });

  it('that meet do not make anything endless', () => {
    const pinch = new Pinch();
    pinch.down(1, 0, 0);
    pinch.down(2, 24, 0);
    expect(pinch.move(2, 0, 0)?.factor).toBe(0.5);
    expect(pinch.move(2, 5, 0)?.factor).toBe(1);
  });
});
