// SPDX-License-Identifier: Apache-2.0

import type { LaneSpan } from 'nxvms-console-host';
import { type View, xOf } from '../playback/timeScale';

export const ROW_PX = 16;
const BAR_TOP = 2;
const BAR_PX = 11;
/** More are no more to be told apart. */
export const SPANS_MAX = 2_000;

export interface LaneRow {
  name: string;
  spans: readonly LaneSpan[];
}

export interface LaneColours {
  lane: string;
  text: string;
  playhead: string;
  level: { info: string; warning: string; critical: string };
}

/** What an extension answered, as far as it can be drawn: in the right order, with times. */
export function drawable(spans: unknown): LaneSpan[] {
  if (!Array.isArray(spans)) {
    throw new TypeError('A lane answers with a list of spans');
  }
  return (spans as LaneSpan[])
    .slice(0, SPANS_MAX)
    .filter(({ start, end }) => Number.isFinite(start) && (end === undefined || Number(end) >= start));
}

/** Rows below the timeline, on its scale. */
export function drawLaneRows(
  canvas: CanvasRenderingContext2D,
  width: number,
  rows: readonly LaneRow[],
  view: View,
  positionMs: number,
  colours: LaneColours,
): void {
  canvas.clearRect(0, 0, width, rows.length * ROW_PX);
  canvas.font = '11px Inter, "Segoe UI", system-ui, "DejaVu Sans", sans-serif';
  canvas.textBaseline = 'middle';
  rows.forEach(({ name, spans }, row) => {
    const top = row * ROW_PX + BAR_TOP;
    canvas.fillStyle = colours.lane;
    canvas.fillRect(0, top, width, BAR_PX);
    for (const { start, end, level } of spans) {
      const left = Math.max(0, xOf(view, width, start));
      const right = Math.min(width, xOf(view, width, end ?? start));
      if (right >= 0 && left <= width) {
        canvas.fillStyle = colours.level[level ?? 'info'] ?? colours.level.info;
        canvas.fillRect(left, top, Math.max(2, right - left), BAR_PX);
      }
    }
    canvas.globalAlpha = 0.82;
    canvas.fillStyle = colours.lane;
    canvas.fillRect(0, top, canvas.measureText(name).width + 12, BAR_PX);
    canvas.globalAlpha = 1;
    canvas.fillStyle = colours.text;
    canvas.fillText(name, 6, top + BAR_PX / 2 + 0.5);
  });
  canvas.fillStyle = colours.playhead;
  canvas.fillRect(Math.round(xOf(view, width, positionMs)) - 1, 0, 2, rows.length * ROW_PX);
}

/** What is said under a pointer: spans of a row that are there, with some slack for moments. */
export function labelsAt(row: LaneRow, utcMs: number, slackMs: number): string[] {
  return row.spans
    .filter(({ start, end }) => utcMs >= start - slackMs && utcMs <= (end ?? start) + slackMs)
    .flatMap(({ label }) => (label ? [label] : []))
    .slice(0, 5);
}
