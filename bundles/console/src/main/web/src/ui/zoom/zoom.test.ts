// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isWhole, SCALE_MAX, shiftedBy, transformOf, WHOLE, type Zoom, zoomedAt } from './zoom';

/** Which part of the picture is to be seen at a place of the frame. */
const seen = (zoom: Zoom, place: number) => (place - zoom.x) / zoom.scale;

describe('digital zoom', () => {
  it('keeps what is under the pointer there', () => {
    let zoom = WHOLE;
    for (const factor of [1.3, 2, 1.1, 0.7]) {
      const before = seen(zoom, 0.8);
      zoom = zoomedAt(zoom, 0.8, 0.3, factor);
      expect(seen(zoom, 0.8)).toBeCloseTo(before, 10);
    }
    expect(zoom.scale).toBeCloseTo(1.3 * 2 * 1.1 * 0.7, 10);
  });

  it('goes from the whole picture to eight times, and back to exactly the whole', () => {
    const near = zoomedAt(WHOLE, 0.9, 0.9, 100);
    expect(near.scale).toBe(SCALE_MAX);
    const back = zoomedAt(near, 0.1, 0.1, 0.001);
    expect(back).toEqual({ scale: 1, x: 0, y: 0 });
    expect(isWhole(back)).toBe(true);
    expect(transformOf(back)).toBeUndefined();
  });

  it('never shows what is beside the picture', () => {
    const zoom = zoomedAt(WHOLE, 0.5, 0.5, 4);
    expect(shiftedBy(zoom, 9, 9)).toEqual({ scale: 4, x: 0, y: 0 });
    expect(shiftedBy(zoom, -9, -9)).toEqual({ scale: 4, x: -3, y: -3 });
    expect(shiftedBy(WHOLE, -1, 1)).toEqual({ scale: 1, x: 0, y: 0 });
  });

  it('becomes a transform that counts from the left upper corner', () => {
    expect(transformOf({ scale: 2, x: -0.25, y: -1 })).toBe('translate(-25%, -100%) scale(2)');
  });
});
