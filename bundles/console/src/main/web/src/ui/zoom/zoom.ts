// SPDX-License-Identifier: Apache-2.0
// A part of a picture, enlarged. Pure; places and shifts are parts of the picture's frame, from 0 to 1.

export interface Zoom {
  scale: number;
  /** Where the picture's left upper corner lies; never right of or below the frame's. */
  x: number;
  y: number;
}

export const SCALE_MAX = 8;
export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };

/** Enlarges by a factor with what is at that place staying there. */
export function zoomedAt(zoom: Zoom, x: number, y: number, factor: number): Zoom {
  const scale = Math.max(1, Math.min(SCALE_MAX, zoom.scale * factor));
  const by = scale / zoom.scale;
  return within({ scale, x: x - (x - zoom.x) * by, y: y - (y - zoom.y) * by });
}

export function shiftedBy(zoom: Zoom, x: number, y: number): Zoom {
  return within({ scale: zoom.scale, x: zoom.x + x, y: zoom.y + y });
}

/** Which part of the picture is seen at a part of the frame. */
export const seenAt = (zoom: Zoom, x: number, y: number) => ({
  x: (x - zoom.x) / zoom.scale,
  y: (y - zoom.y) / zoom.scale,
});

export const isWhole = (zoom: Zoom): boolean => zoom.scale <= 1;

export function transformOf({ scale, x, y }: Zoom): string | undefined {
  return scale <= 1 ? undefined : `translate(${x * 100}%, ${y * 100}%) scale(${scale})`;
}

/** The frame stays filled. */
function within({ scale, x, y }: Zoom): Zoom {
  const least = 1 - scale;
  return { scale, x: Math.max(least, Math.min(0, x)), y: Math.max(least, Math.min(0, y)) };
}
