// SPDX-License-Identifier: Apache-2.0
import type { Bar } from './bars';

const HATCH_PX = 7;
const LINE_PX = 1.4;
/** Of colours and sharpness: an appearance has two, a screen one. */
const TILES_MAX = 12;

const tiles = new Map<string, CanvasPattern>();

/** One period of the lines in both directions; drawn once, it fills whatever is to be hatched. */
function tileOf(
  canvas: CanvasRenderingContext2D,
  colour: string,
  sharpness: number,
): CanvasPattern | undefined {
  const key = `${colour}|${sharpness}`;
  const known = tiles.get(key);
  if (known) {
    return known;
  }
  const element = document.createElement('canvas');
  element.width = HATCH_PX * sharpness;
  element.height = HATCH_PX * sharpness;
  const tile = element.getContext('2d');
  if (!tile) {
    return undefined;
  }
  tile.scale(sharpness, sharpness);
  tile.strokeStyle = colour;
  tile.lineWidth = LINE_PX;
  tile.beginPath();
  // The line, and what of its neighbours' width lies in the corners.
  for (const sum of [0, HATCH_PX, 2 * HATCH_PX]) {
    tile.moveTo(-HATCH_PX, sum + HATCH_PX);
    tile.lineTo(sum + HATCH_PX, -HATCH_PX);
  }
  tile.stroke();
  const pattern = canvas.createPattern(element, 'repeat') ?? undefined;
  if (pattern) {
    if (tiles.size >= TILES_MAX) {
      tiles.clear();
    }
    tiles.set(key, pattern);
  }
  return pattern;
}

/** Lines across bars, the same ones through all of them. */
export function hatch(
  canvas: CanvasRenderingContext2D,
  bars: readonly Bar[],
  top: number,
  height: number,
  colour: string,
): void {
  if (bars.length === 0) {
    return;
  }
  const sharpness = Math.max(1, Math.ceil(canvas.getTransform().a));
  const tile = tileOf(canvas, colour, sharpness);
  if (!tile) {
    return;
  }
  tile.setTransform(new DOMMatrix([1 / sharpness, 0, 0, 1 / sharpness, 0, (top + height) % HATCH_PX]));
  canvas.fillStyle = tile;
  for (const { left, right } of bars) {
    canvas.fillRect(left, top, right - left, height);
  }
}
