// SPDX-License-Identifier: Apache-2.0
import type { Corners } from '../../api/motionMask';
import { clamp, type Rect } from './rects';

const rounded = (part: number) => clamp(Math.round(part * 10_000) / 10_000, 0, 1);

/** As the server takes it: its corners. */
export function corners({ x, y, width, height }: Rect): Corners {
  const [left, top, right, bottom] = [x, y, x + width, y + height].map(rounded) as [
    number,
    number,
    number,
    number,
  ];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** The rectangle that corners are; undefined for every other shape. */
export function rectOf(points: Corners): Rect | undefined {
  const [first, second, third, fourth] = points;
  if (points.length !== 4 || !first || !second || !third || !fourth) {
    return undefined;
  }
  const [x, y] = first;
  const [right, bottom] = third;
  const upright = second[0] === right && second[1] === y && fourth[0] === x && fourth[1] === bottom;
  return upright && right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : undefined;
}
