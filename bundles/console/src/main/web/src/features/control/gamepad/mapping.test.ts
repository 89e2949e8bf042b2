// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  buttonSaid,
  motionOf,
  type PadState,
  pressedOf,
  speedOf,
  stickSaid,
  USUAL,
  withButton,
  withStick,
} from './mapping';

/** A pad with its sticks there and these buttons pressed. */
function pad(axes: number[], ...pressed: number[]): PadState {
  return {
    axes: [0, 1, 2, 3].map((n) => axes[n] ?? 0),
    buttons: Array.from({ length: 17 }, (_, n) => ({
      pressed: pressed.includes(n),
      value: pressed.includes(n) ? 1 : 0,
    })),
  };
}

describe('a stick', () => {
  it('stands still in its dead zone, and begins softly behind it', () => {
    expect(speedOf(0.1)).toBe(0);
    expect(speedOf(-0.0999)).toBe(0);
    expect(speedOf(0.11)).toBeGreaterThan(0);
    expect(speedOf(0.11)).toBeLessThan(0.001);
    expect(speedOf(0.55)).toBeCloseTo(0.25);
    expect(speedOf(1)).toBe(1);
    expect(speedOf(-1)).toBe(-1);
    expect(speedOf(1.02)).toBe(1);
  });

  it('pushed away moves upwards, to the right to the right', () => {
    expect(motionOf(pad([1, -1]), USUAL)).toEqual({ pan: 1, tilt: 1 });
    expect(motionOf(pad([0.05, 0.09]), USUAL)).toEqual({});
    expect(motionOf({ axes: [], buttons: [] }, USUAL)).toEqual({});
  });

  it('is said by pushing it, with which way it counts', () => {
    expect(stickSaid(pad([0, 0, -0.9]), pad([]))).toEqual({ axis: 2, inverted: true });
    expect(stickSaid(pad([0, 0.5]), pad([]))).toBeUndefined();
    // A lever that stands at its end all the time is not meant.
    expect(stickSaid(pad([0, 0, 0, -1]), pad([0, 0, 0, -1]))).toBeUndefined();
  });
});

describe('buttons', () => {
  it('zoom and focus as long as they are pressed, both at once do nothing', () => {
    expect(motionOf(pad([], 7), USUAL)).toEqual({ zoom: 1 });
    expect(motionOf(pad([], 4), USUAL)).toEqual({ focus: -1 });
    expect(motionOf(pad([], 6, 7), USUAL)).toEqual({});
  });

  it('call presets and stop', () => {
    expect(pressedOf(pad([], 1, 2, 7), USUAL)).toEqual(['stop', 'preset2']);
  });

  it('are said by pressing one that was not held before', () => {
    expect(buttonSaid(pad([], 5), pad([]))).toBe(5);
    expect(buttonSaid(pad([], 5), pad([], 5))).toBeUndefined();
  });
});

describe('an assignment', () => {
  it('gives a button one thing to do', () => {
    const changed = withButton(USUAL, 'preset9', 1);
    expect(changed.buttons.preset9).toBe(1);
    expect(changed.buttons.stop).toBeUndefined();
    expect(withButton(changed, 'preset9', undefined).buttons).not.toHaveProperty('preset9');
    expect(USUAL.buttons.stop).toBe(1);
  });

  it('turns a stick round, or takes it away', () => {
    const turned = withStick(USUAL, 'pan', { axis: 2, inverted: true });
    expect(motionOf(pad([1, 0, 1]), turned)).toEqual({ pan: -1 });
    expect(motionOf(pad([1]), withStick(USUAL, 'pan', undefined))).toEqual({});
  });
});
