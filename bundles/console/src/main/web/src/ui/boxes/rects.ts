// SPDX-License-Identifier: Apache-2.0

/** A part of a picture, 0 to 1 from the left and from the top. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Smaller ones nobody can take hold of; the server refuses those far smaller. */
const SIDE_MIN = 0.02;

export const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** Neither smaller than can be seen nor outside the picture. */
export function within(rect: Rect): Rect {
  const width = clamp(rect.width, SIDE_MIN, 1);
  const height = clamp(rect.height, SIDE_MIN, 1);
  return { x: clamp(rect.x, 0, 1 - width), y: clamp(rect.y, 0, 1 - height), width, height };
}

/** Between two corners, whichever way it was drawn. */
export function between(one: { x: number; y: number }, other: { x: number; y: number }): Rect {
  const [left, right] = [one.x, other.x].map((x) => clamp(x, 0, 1)).sort((a, b) => a - b) as [number, number];
  const [top, bottom] = [one.y, other.y].map((y) => clamp(y, 0, 1)).sort((a, b) => a - b) as [number, number];
  return within({ x: left, y: top, width: right - left, height: bottom - top });
}

export function moved(rect: Rect, dx: number, dy: number): Rect {
  return within({ ...rect, x: rect.x + dx, y: rect.y + dy });
}

/** Its right and lower sides follow; what is no room for stays out. */
export function resized(rect: Rect, dx: number, dy: number): Rect {
  return within({
    ...rect,
    width: Math.min(rect.width + dx, 1 - rect.x),
    height: Math.min(rect.height + dy, 1 - rect.y),
  });
}
