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

/**
 * The upright rectangle that corners are, from whichever they are told; undefined for every other shape.
 *
 * @param slack by how much they may miss it: cameras round to pixels
 */
export function rectangleOf(points: Corners, slack = 0): Rect | undefined {
  if (points.length !== 4) {
    return undefined;
  }
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, right, y, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const has = (cornerX: number, cornerY: number) =>
    points.some(([px, py]) => Math.abs(px - cornerX) <= slack && Math.abs(py - cornerY) <= slack);
  const upright = has(x, y) && has(right, y) && has(right, bottom) && has(x, bottom);
  return upright && right - x > slack && bottom - y > slack
    ? { x, y, width: right - x, height: bottom - y }
    : undefined;
}

/** As {@link rectangleOf}, where the corners are told as they are written here: from the upper left on, clockwise. */
export function rectOf(points: Corners): Rect | undefined {
  const rect = rectangleOf(points);
  const [first, second, third] = points;
  const isOurs =
    first?.[0] === rect?.x && first?.[1] === rect?.y && second?.[1] === rect?.y && third?.[0] !== rect?.x;
  return isOurs ? rect : undefined;
}
