// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { framed, inPicture } from './aim';

const FRAME = { width: 1000, height: 1000 };
/** A wide picture in a square frame has bars above and below. */
const PLACE = { left: 0, top: 0.2, width: 1, height: 0.6 };
const from = (x0: number, y0: number, x = x0, y = y0) => ({ x0, y0, x, y });

describe('what is aimed at', () => {
  it('is counted within the picture, not its frame, and beside it is nothing', () => {
    expect(inPicture(from(500, 500), FRAME, PLACE)).toEqual({ x: 0.5, y: 0.5 });
    expect(inPicture(from(0, 200), FRAME, PLACE)).toEqual({ x: 0, y: 0 });
    expect(inPicture(from(500, 100), FRAME, PLACE)).toBeUndefined();
    expect(inPicture(from(500, 900), FRAME, PLACE)).toBeUndefined();
  });

  it('is all of a box, drawn in either direction, as far as it is within the picture', () => {
    const box = { x: 0.5, y: 0.5, part: 0.5 };
    expect(framed(from(400, 350, 600, 650), FRAME, PLACE)).toEqual(box);
    expect(framed(from(600, 650, 400, 350), FRAME, PLACE)).toEqual(box);
    const cut = framed(from(0, 0, 200, 500), FRAME, PLACE);
    expect(cut).toEqual({ x: 0.1, y: 0.25, part: 0.5 });
  });

  it('is no box that a hand has not meant, or that is beside the picture', () => {
    expect(framed(from(500, 500, 510, 505), FRAME, PLACE)).toBeUndefined();
    expect(framed(from(100, 0, 900, 100), FRAME, PLACE)).toBeUndefined();
  });
});
