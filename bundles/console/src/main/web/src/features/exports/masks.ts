// SPDX-License-Identifier: Apache-2.0
import { clamp, type Rect } from '../../ui/boxes/rects';

const rounded = (part: number) => clamp(Math.round(part * 10_000) / 10_000, 0, 1);

/** As the server takes it: its corners. */
export function corners({ x, y, width, height }: Rect): [number, number][] {
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
