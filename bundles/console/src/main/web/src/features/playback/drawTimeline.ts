// SPDX-License-Identifier: Apache-2.0
import type { TimelineBookmark } from '../../api/types';
import { clockTime, dayName, hourMinute } from '../../ui/time';
import { offsetMs, wallOf } from '../../ui/zone';
import { drawFound, drawMotion } from '../motion/drawMotion';
import type { Motion, SearchedMotion } from '../motion/motionLane';
import { type Bar, gapBars, spanBars, unknownBars } from './bars';
import { hatch } from './hatch';
import type { Selection } from './selection';
import type { Lane } from './timelineData';
import { type Shape, shapeOf, type TimelineEvent } from './timelineEvents';
import { rangeOf, type Ticks, ticksFor, type View, xOf } from './timeScale';

export interface Palette {
  ruler: string;
  text: string;
  dim: string;
  line: string;
  lane: string;
  recorded: string;
  gap: string;
  now: string;
  playhead: string;
  hover: string;
  lock: string;
  chosen: string;
  bookmark: string;
  motion: string;
  found: string;
  event: { info: string; warning: string; critical: string };
}

export const RULER_PX = 24;
export const LANE_TOP = 34;
export const LANE_PX = 26;
const LOCK_PX = 4;
/** What other cameras have, all in one, directly below the lane. */
const OTHERS_TOP = LANE_TOP + LANE_PX + 1;
const OTHERS_PX = 4;
/** Marks of bookmarks and events stand below. */
export const MARKS_TOP = OTHERS_TOP + OTHERS_PX + 2;
const MARK_PX = 10;

export interface Scene {
  view: View;
  lane: Lane;
  /** Footage of other cameras. */
  others?: Lane['spans'];
  /** How much moved, as far as it is known. */
  motion?: Motion;
  /** Where a search has found motion. */
  searched?: SearchedMotion;
  nowMs: number;
  positionMs: number;
  hoverX?: number;
  locks: Selection[];
  bookmarks: TimelineBookmark[];
  events: TimelineEvent[];
  chosen?: Selection;
  palette: Palette;
}

/** Paints everything; a few thousand spans take well under a frame. */
export function drawTimeline(
  canvas: CanvasRenderingContext2D,
  width: number,
  height: number,
  scene: Scene,
): void {
  const { view, lane, palette, nowMs } = scene;
  canvas.clearRect(0, 0, width, height);
  canvas.fillStyle = palette.lane;
  canvas.fillRect(0, LANE_TOP, width, LANE_PX);

  hatch(canvas, gapBars(lane.gaps, view, width, nowMs), LANE_TOP, LANE_PX, palette.gap);
  canvas.fillStyle = palette.recorded;
  fillBars(canvas, spanBars(lane.spans, view, width), LANE_TOP, LANE_PX);
  hatch(canvas, unknownBars(lane, view, width, nowMs), LANE_TOP, LANE_PX, palette.dim);
  drawMotion(canvas, width, scene, LANE_TOP, LANE_PX);
  drawFound(canvas, width, scene, LANE_TOP, LANE_PX);
  drawOthers(canvas, width, scene);
  drawLocks(canvas, width, scene);
  drawEvents(canvas, width, scene);
  drawBookmarks(canvas, width, scene);
  const nowX = xOf(view, width, nowMs);
  if (nowX < width) {
    hatch(canvas, [{ left: Math.max(0, nowX), right: width }], 0, height, palette.line);
    if (nowX >= 0) {
      canvas.fillStyle = palette.now;
      canvas.fillRect(Math.round(nowX), 0, 1.5, height);
    }
  }
  drawRuler(canvas, width, height, scene, ticksFor(view, width, labelSpacing(view)));
  drawChosen(canvas, width, height, scene);
  if (scene.hoverX !== undefined) {
    canvas.fillStyle = palette.hover;
    canvas.fillRect(Math.round(scene.hoverX), RULER_PX, 1, height - RULER_PX);
  }
  drawPlayhead(canvas, xOf(view, width, scene.positionMs), height, width, palette);
}

function drawOthers(canvas: CanvasRenderingContext2D, width: number, { view, others, palette }: Scene): void {
  if (!others) {
    return;
  }
  canvas.fillStyle = palette.lane;
  canvas.fillRect(0, OTHERS_TOP, width, OTHERS_PX);
  canvas.fillStyle = palette.recorded;
  fillBars(canvas, spanBars(others, view, width), OTHERS_TOP, OTHERS_PX);
}

export function fillBars(
  canvas: CanvasRenderingContext2D,
  bars: readonly Bar[],
  top: number,
  height: number,
): void {
  for (const { left, right } of bars) {
    canvas.fillRect(left, top, right - left, height);
  }
}

/** A bar above the lane, so that what is below stays to be seen. */
function drawLocks(canvas: CanvasRenderingContext2D, width: number, { view, locks, palette }: Scene): void {
  canvas.fillStyle = palette.lock;
  for (const { from, to } of locks) {
    const left = Math.max(0, xOf(view, width, from));
    const right = Math.min(width, xOf(view, width, to));
    if (right >= 0 && left <= width && right >= left) {
      canvas.fillRect(left, LANE_TOP - LOCK_PX - 2, Math.max(2, right - left), LOCK_PX);
    }
  }
}

/**
 * A mark where each begins, its form by the kind, higher the worse it is: colour alone says nothing to some. Of those that
 * would lie upon each other one is drawn.
 */
function drawEvents(canvas: CanvasRenderingContext2D, width: number, { view, events, palette }: Scene): void {
  const marks = { info: new Set<number>(), warning: new Set<number>(), critical: new Set<number>() };
  for (const one of events) {
    const x = xOf(view, width, one.start);
    if (x >= -1 && x <= width + 1) {
      marks[severityOf(one)].add(Math.round(x) * SHAPES.length + SHAPES.indexOf(shapeOf(one.kind)));
    }
  }
  for (const severity of ['info', 'warning', 'critical'] as const) {
    canvas.fillStyle = palette.event[severity];
    for (const mark of marks[severity]) {
      const x = Math.floor(mark / SHAPES.length);
      const shape = SHAPES[mark - x * SHAPES.length] as Shape;
      drawMark(canvas, shape, x, MARKS_TOP + MARK_PX, EVENT_PX[severity]);
    }
  }
}

/** Stands upon its place. */
function drawMark(
  canvas: CanvasRenderingContext2D,
  shape: Shape,
  x: number,
  bottom: number,
  height: number,
): void {
  if (shape === 'stroke') {
    canvas.fillRect(x - 1, bottom - height, 2, height);
    return;
  }
  const half = Math.max(3, height / 2);
  if (shape === 'square') {
    canvas.fillRect(x - half, bottom - 2 * half, 2 * half, 2 * half);
    return;
  }
  canvas.beginPath();
  canvas.moveTo(x, bottom - 2 * half);
  if (shape === 'diamond') {
    canvas.lineTo(x + half, bottom - half);
    canvas.lineTo(x, bottom);
    canvas.lineTo(x - half, bottom - half);
  } else {
    canvas.lineTo(x + half, bottom);
    canvas.lineTo(x - half, bottom);
  }
  canvas.closePath();
  canvas.fill();
}

const SHAPES: readonly Shape[] = ['stroke', 'square', 'diamond', 'triangle'];
const EVENT_PX = { info: 5, warning: 8, critical: 11 };

/** One that a newer server may have counts as a warning. */
function severityOf({ severity }: TimelineEvent): keyof typeof EVENT_PX {
  return severity === 'info' || severity === 'critical' ? severity : 'warning';
}

/** A flag where each begins, and a bar as long as it lasts. */
function drawBookmarks(canvas: CanvasRenderingContext2D, width: number, scene: Scene): void {
  const { view, bookmarks, palette } = scene;
  canvas.fillStyle = palette.bookmark;
  for (const { start, end } of bookmarks) {
    const left = xOf(view, width, start);
    const right = Math.min(width, xOf(view, width, end ?? start));
    if (right < -MARK_PX || left > width + MARK_PX) {
      continue;
    }
    if (end !== undefined) {
      canvas.fillRect(Math.max(0, left), MARKS_TOP + 3, Math.max(2, right - Math.max(0, left)), 4);
    }
    canvas.beginPath();
    canvas.moveTo(left - 4, MARKS_TOP);
    canvas.lineTo(left + 4, MARKS_TOP);
    canvas.lineTo(left + 4, MARKS_TOP + MARK_PX);
    canvas.lineTo(left, MARKS_TOP + MARK_PX - 3);
    canvas.lineTo(left - 4, MARKS_TOP + MARK_PX);
    canvas.closePath();
    canvas.fill();
  }
}

function drawChosen(
  canvas: CanvasRenderingContext2D,
  width: number,
  height: number,
  { view, chosen, palette }: Scene,
): void {
  if (!chosen) {
    return;
  }
  const left = xOf(view, width, chosen.from);
  const right = xOf(view, width, chosen.to);
  canvas.save();
  canvas.fillStyle = palette.chosen;
  canvas.globalAlpha = 0.25;
  canvas.fillRect(left, RULER_PX, Math.max(2, right - left), height - RULER_PX);
  canvas.globalAlpha = 1;
  canvas.fillRect(left - 1, RULER_PX, 2, height - RULER_PX);
  canvas.fillRect(right - 1, RULER_PX, 2, height - RULER_PX);
  canvas.restore();
}

const LABEL_LEFT_PX = 5;
/** Half of the playhead's sign, with a little room. */
const HEAD_PX = 8;

function labelSpacing(view: View): number {
  return rangeOf(view) < 10 * 60_000 ? 86 : 74;
}

function drawRuler(
  canvas: CanvasRenderingContext2D,
  width: number,
  height: number,
  { view, palette, positionMs }: Scene,
  { stepMs, ticks }: Ticks,
): void {
  canvas.font = '11px Inter, "Segoe UI", system-ui, "DejaVu Sans", sans-serif';
  canvas.textBaseline = 'middle';
  const zoneChanges = offsetMs(view.from) !== offsetMs(view.to);
  const headX = xOf(view, width, positionMs);
  for (const { utcMs, major } of ticks) {
    const x = xOf(view, width, utcMs);
    canvas.fillStyle = palette.line;
    canvas.fillRect(Math.round(x), major ? 0 : RULER_PX - 6, 1, major ? height : 6);
    const label = tickLabel(utcMs, stepMs, zoneChanges);
    canvas.fillStyle = major ? palette.text : palette.dim;
    const left = x + LABEL_LEFT_PX;
    const right = left + canvas.measureText(label).width;
    // None is cut by the edge or half below the playhead.
    if (right <= width && (right < headX - HEAD_PX || left > headX + HEAD_PX)) {
      canvas.fillText(label, left, RULER_PX / 2);
    }
  }
}

const DAY_MS = 24 * 3600_000;

function tickLabel(utcMs: number, stepMs: number, zoneChanges: boolean): string {
  if (stepMs >= DAY_MS) {
    return dayName(utcMs);
  }
  if (wallOf(utcMs).getTime() % DAY_MS === 0) {
    return dayName(utcMs);
  }
  const text = stepMs < 60_000 ? clockTime(utcMs) : hourMinute(utcMs);
  return zoneChanges ? `${text} ${offsetName(utcMs)}` : text;
}

function offsetName(utcMs: number): string {
  const minutes = offsetMs(utcMs) / 60_000;
  const sign = minutes < 0 ? '−' : '+';
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `${sign}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
}

function drawPlayhead(
  canvas: CanvasRenderingContext2D,
  x: number,
  height: number,
  width: number,
  palette: Palette,
): void {
  if (x < -8 || x > width + 8) {
    return;
  }
  canvas.fillStyle = palette.playhead;
  canvas.fillRect(Math.round(x) - 1, 4, 2, height - 4);
  canvas.beginPath();
  canvas.moveTo(x - 6, 2);
  canvas.lineTo(x + 6, 2);
  canvas.lineTo(x + 6, 9);
  canvas.lineTo(x, 16);
  canvas.lineTo(x - 6, 9);
  canvas.closePath();
  canvas.fill();
}
