// SPDX-License-Identifier: Apache-2.0
import type { Aim } from '../../api/control';

/** From where a pointer went down to where it is, in pixels of the frame. */
export interface Frame {
  x0: number;
  y0: number;
  x: number;
  y: number;
}

interface Size {
  width: number;
  height: number;
}

/** Where the picture lies within its frame, in parts of the frame. */
interface Place extends Size {
  left: number;
  top: number;
}

/** Smaller boxes are slips of the hand; the server takes none below a hundredth. */
const PART_MIN = 0.03;

/** The point of the picture that was touched; nothing beside the picture. */
export function inPicture({ x0, y0 }: Frame, frame: Size, place: Place): Aim | undefined {
  const point = partOf(x0, y0, frame, place);
  return point.x >= 0 && point.x <= 1 && point.y >= 0 && point.y <= 1 ? point : undefined;
}

/** The box of the picture that was drawn, as far as it lies within. */
export function framed({ x0, y0, x, y }: Frame, frame: Size, place: Place): Aim | undefined {
  const from = partOf(Math.min(x0, x), Math.min(y0, y), frame, place);
  const to = partOf(Math.max(x0, x), Math.max(y0, y), frame, place);
  const [left, right] = [Math.max(0, from.x), Math.min(1, to.x)];
  const [top, bottom] = [Math.max(0, from.y), Math.min(1, to.y)];
  // All of the box is to be seen: the longer side counts.
  const part = Math.max(right - left, bottom - top);
  return right > left && bottom > top && part >= PART_MIN
    ? { x: rounded((left + right) / 2), y: rounded((top + bottom) / 2), part: rounded(part) }
    : undefined;
}

const partOf = (x: number, y: number, { width, height }: Size, place: Place) => ({
  x: rounded((x / width - place.left) / place.width),
  y: rounded((y / height - place.top) / place.height),
});

/** A pixel of the largest pictures is more. */
const rounded = (part: number) => Math.round(part * 10_000) / 10_000;
