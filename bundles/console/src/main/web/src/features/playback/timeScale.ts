// SPDX-License-Identifier: Apache-2.0
// Where moments lie on the timeline. Pure; times are UTC milliseconds, the clocks only decide where ticks stand.
import { offsetMs } from '../../ui/zone';

export interface View {
  from: number;
  to: number;
}

export const RANGE_MIN_MS = 60_000;
export const RANGE_MAX_MS = 30 * 24 * 3600_000;

export const rangeOf = (view: View): number => view.to - view.from;

export function xOf(view: View, width: number, utcMs: number): number {
  return ((utcMs - view.from) / rangeOf(view)) * width;
}

export function timeAt(view: View, width: number, x: number): number {
  return view.from + (x / width) * rangeOf(view);
}

/** Zooms with the moment under `x` staying where it is; factor below 1 shows less time. */
export function zoomAt(view: View, width: number, x: number, factor: number): View {
  const range = clampRange(rangeOf(view) * factor);
  const fixed = timeAt(view, width, x);
  const from = fixed - (x / width) * range;
  return { from, to: from + range };
}

export function panBy(view: View, width: number, pixels: number): View {
  const shift = (pixels / width) * rangeOf(view);
  return { from: view.from + shift, to: view.to + shift };
}

export function centredOn(utcMs: number, range: number, share = 0.5): View {
  const clamped = clampRange(range);
  const from = utcMs - clamped * share;
  return { from, to: from + clamped };
}

/** How much wider than a stretch is what shows it: both of its ends are to be seen, and taken hold of. */
const AROUND = 1.25;

/** All of a stretch, and a little before and after it. */
export function showing({ from, to }: View): View {
  return centredOn((from + to) / 2, (to - from) * AROUND);
}

/** Of the longest view, what is left to the future where it ends at present. */
const AHEAD = 0.03;

/** All the time there can be shown at once, with the moment under `x` in it and as little of the future as that allows. */
export function longest(view: View, width: number, x: number, nowMs: number): View {
  const wide = zoomAt(view, width, x, Number.POSITIVE_INFINITY);
  const latest = nowMs + RANGE_MAX_MS * AHEAD;
  return wide.to > latest ? { from: latest - RANGE_MAX_MS, to: latest } : wide;
}

export const isLongest = (view: View): boolean => rangeOf(view) >= RANGE_MAX_MS - 1;

/** Keeps the view from leaving known time for good: at most half of it lies in the future. */
export function notFarBeyond(view: View, nowMs: number): View {
  const range = rangeOf(view);
  const latest = nowMs + range / 2;
  return view.to > latest ? { from: latest - range, to: latest } : view;
}

function clampRange(range: number): number {
  return Math.max(RANGE_MIN_MS, Math.min(RANGE_MAX_MS, range));
}

export interface Tick {
  utcMs: number;
  /** A tick of the next coarser kind: drawn stronger. */
  major: boolean;
}

export interface Ticks {
  stepMs: number;
  ticks: Tick[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];
const TICKS_MAX = 500;

/** Local time minus UTC at a moment, in milliseconds. */
export type ZoneOffset = (utcMs: number) => number;

/** Of the clocks that are shown. */
const shownOffset: ZoneOffset = (utcMs) => offsetMs(utcMs);

/**
 * Ticks at round local times. On the day a clock is set back an hour's ticks come twice, on the day it is set forward
 * the missing hour has none: days of 23 and 25 hours come out right.
 */
export function ticksFor(
  view: View,
  width: number,
  spacingPx: number,
  offset: ZoneOffset = shownOffset,
): Ticks {
  const wantedMs = (rangeOf(view) / Math.max(1, width)) * spacingPx;
  const at = STEPS.findIndex((step) => step >= wantedMs);
  const index = at < 0 ? STEPS.length - 1 : at;
  const stepMs = STEPS[index] ?? DAY;
  const majorMs = majorOf(stepMs);
  const ticks: Tick[] = [];
  const begin = Math.floor((view.from + offset(view.from) - DAY) / stepMs) * stepMs;
  const end = view.to + offset(view.to) + DAY;
  for (let local = begin; local <= end && ticks.length < TICKS_MAX; local += stepMs) {
    for (const utcMs of instantsOf(local, offset)) {
      if (utcMs >= view.from && utcMs <= view.to) {
        ticks.push({ utcMs, major: local % majorMs === 0 });
      }
    }
    if (stepMs < HOUR && local < view.from + Math.min(offset(view.from), offset(view.to)) - 2 * HOUR) {
      // The lead-in of a day is only for zone changes: hop over most of it.
      const hop = view.from + Math.min(offset(view.from), offset(view.to)) - 2 * HOUR;
      local = Math.floor(hop / stepMs) * stepMs;
    }
  }
  ticks.sort((a, b) => a.utcMs - b.utcMs);
  return { stepMs, ticks };
}

/** The moments at which clocks show a local time: none, one or two. */
function instantsOf(local: number, offset: ZoneOffset): number[] {
  const before = local - offset(local - DAY);
  const after = local - offset(local + DAY);
  const candidates = before === after ? [before] : [before, after];
  return candidates.filter((utcMs) => utcMs + offset(utcMs) === local);
}

function majorOf(stepMs: number): number {
  if (stepMs < MINUTE) {
    return MINUTE;
  }
  if (stepMs < HOUR) {
    return HOUR;
  }
  return stepMs < DAY ? DAY : 7 * DAY;
}

/** A somewhat larger range on a fixed grid, so that panning and zooming ask the server seldom and share answers. */
export function queryRange(view: View, nowMs: number): { from: number; to: number } {
  const grid = RANGE_MIN_MS * 2 ** Math.ceil(Math.log2(rangeOf(view) / RANGE_MIN_MS));
  const from = Math.floor(view.from / grid) * grid - grid;
  const to = (Math.floor(view.to / grid) + 2) * grid;
  const latest = (Math.floor(nowMs / grid) + 1) * grid;
  return { from: Math.max(0, from), to: Math.max(Math.min(to, latest), from + grid) };
}
