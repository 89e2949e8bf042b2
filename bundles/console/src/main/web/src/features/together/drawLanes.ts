// SPDX-License-Identifier: Apache-2.0
import { gapBars, spanBars, unknownBars } from '../playback/bars';
import { fillBars, type Palette } from '../playback/drawTimeline';
import { hatch } from '../playback/hatch';
import type { Lane } from '../playback/timelineData';
import { type View, xOf } from '../playback/timeScale';

export const ROW_PX = 18;
const BAR_TOP = 3;
const BAR_PX = 12;

export interface LanesScene {
  view: View;
  /** Each with its own moment, which is the same for all that go together. */
  rows: readonly { name: string; lane: Lane; selected: boolean; positionMs: number }[];
  nowMs: number;
  palette: Palette;
}

/** A row a camera: what is recorded, why something is not, its name over it, and its moment: one line through all that go together. */
export function drawLanes(canvas: CanvasRenderingContext2D, width: number, scene: LanesScene): void {
  const { view, rows, palette, nowMs } = scene;
  const height = rows.length * ROW_PX;
  canvas.clearRect(0, 0, width, height);
  canvas.font = '11px Inter, "Segoe UI", system-ui, "DejaVu Sans", sans-serif';
  canvas.textBaseline = 'middle';
  rows.forEach(({ name, lane, selected }, row) => {
    const top = row * ROW_PX + BAR_TOP;
    canvas.fillStyle = palette.lane;
    canvas.fillRect(0, top, width, BAR_PX);
    hatch(canvas, gapBars(lane.gaps, view, width, nowMs), top, BAR_PX, palette.gap);
    canvas.fillStyle = palette.recorded;
    fillBars(canvas, spanBars(lane.spans, view, width), top, BAR_PX);
    hatch(canvas, unknownBars(lane, view, width, nowMs), top, BAR_PX, palette.dim);
    // A name has its own ground, so that it can be read over any of the colours.
    const wide = canvas.measureText(name).width + 12;
    canvas.globalAlpha = 0.82;
    canvas.fillStyle = palette.lane;
    canvas.fillRect(0, top, wide, BAR_PX);
    canvas.globalAlpha = 1;
    canvas.fillStyle = palette.text;
    canvas.fillText(name, 6, top + BAR_PX / 2 + 0.5);
    if (selected) {
      canvas.fillStyle = palette.chosen;
      canvas.fillRect(0, top, 3, BAR_PX);
    }
  });
  const nowX = xOf(view, width, nowMs);
  if (nowX >= 0 && nowX < width) {
    canvas.fillStyle = palette.now;
    canvas.fillRect(Math.round(nowX), 0, 1.5, height);
  }
  canvas.fillStyle = palette.playhead;
  rows.forEach(({ positionMs }, row) => {
    canvas.fillRect(Math.round(xOf(view, width, positionMs)) - 1, row * ROW_PX, 2, ROW_PX);
  });
}
