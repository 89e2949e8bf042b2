// SPDX-License-Identifier: Apache-2.0
import { type Bar, spanBars } from '../playback/bars';
import { hatch } from '../playback/hatch';
import type { Lane } from '../playback/timelineData';
import { type View, xOf } from '../playback/timeScale';
import { HEIGHT_MAX, type Motion, motionBars, type SearchedMotion } from './motionLane';

const LEAST_PX = 2;
/** What is not known is hatched at the foot of the lane. */
const UNKNOWN_PX = 6;
/** A finding is to be seen, however little moved. */
const FOUND_LEAST = 0.4;
const PROGRESS_PX = 2;
const TO_COME_ALPHA = 0.35;

interface Drawn {
  view: View;
  lane: Lane;
  motion?: Motion;
  searched?: SearchedMotion;
  palette: { lane: string; motion: string; found: string };
}

/** How much moved, as bars on the lane's footage; hatched where nobody has looked. */
export function drawMotion(
  canvas: CanvasRenderingContext2D,
  width: number,
  { view, lane, motion, palette }: Drawn,
  top: number,
  height: number,
): void {
  if (!motion) {
    return;
  }
  const { bars, unknown } = motionBars(motion, view, width);
  const footage = spanBars(lane.spans, view, width);
  hatch(canvas, common(unknown, footage), top + height - UNKNOWN_PX, UNKNOWN_PX, palette.lane);
  canvas.fillStyle = palette.motion;
  for (const { left, right, height: share } of bars) {
    const tall = Math.max(LEAST_PX, share * height);
    canvas.fillRect(left, top + height - tall, right - left, tall);
  }
}

/** What a search has found, over what it has searched, a line above which fills with it. */
export function drawFound(
  canvas: CanvasRenderingContext2D,
  width: number,
  { view, searched, palette }: Drawn,
  top: number,
  height: number,
): void {
  if (!searched) {
    return;
  }
  const line = (from: number, to: number) => {
    const left = Math.max(0, xOf(view, width, from));
    const right = Math.min(width, xOf(view, width, to));
    if (right > left) {
      canvas.fillRect(left, top - PROGRESS_PX, right - left, PROGRESS_PX);
    }
  };
  canvas.fillStyle = palette.found;
  line(searched.from, searched.through);
  canvas.globalAlpha = TO_COME_ALPHA;
  line(searched.through, searched.to);
  canvas.globalAlpha = 1;
  for (const one of searched.found) {
    const left = Math.max(0, xOf(view, width, one.from));
    const right = Math.min(width, Math.max(left + LEAST_PX, xOf(view, width, one.to)));
    if (right > left) {
      const tall = height * (FOUND_LEAST + (1 - FOUND_LEAST) * (one.height / HEIGHT_MAX));
      canvas.fillRect(left, top + height - tall, right - left, tall);
    }
  }
}

/** What both have, each in order. */
export function common(some: readonly Bar[], others: readonly Bar[]): Bar[] {
  const both: Bar[] = [];
  let other = 0;
  for (const one of some) {
    while (other > 0 && (others[other]?.left ?? Number.POSITIVE_INFINITY) > one.left) {
      other--;
    }
    for (let n = other; n < others.length; n++) {
      const { left, right } = others[n] as Bar;
      if (left >= one.right) {
        break;
      }
      if (right > one.left) {
        both.push({ left: Math.max(left, one.left), right: Math.min(right, one.right) });
      }
      other = n;
    }
  }
  return both;
}
