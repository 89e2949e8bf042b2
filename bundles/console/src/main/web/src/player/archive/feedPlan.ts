// SPDX-License-Identifier: Apache-2.0
import type { Fragment } from '../../api/types';

export interface Batch {
  first: number;
  /** Behind the last fragment. */
  end: number;
  offset: number;
  length: number;
}

const BATCH_BYTES_MAX = 2 * 1024 * 1024;
const BATCH_MS_MAX = 6_000;

/** The fragment with the last start at or before the moment; 0 if all are later. */
export function fragmentAt(fragments: readonly Fragment[], utcMs: number): number {
  let low = 0;
  let high = fragments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((fragments[middle] as Fragment).startMs <= utcMs) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Math.max(0, low - 1);
}

/** Where decoding has to begin so that this fragment can be shown. */
export function keyAtOrBefore(fragments: readonly Fragment[], index: number): number {
  let at = Math.min(index, fragments.length - 1);
  while (at > 0 && !fragments[at]?.key) {
    at--;
  }
  return Math.max(0, at);
}

/**
 * The next bytes to ask for: whole fragments that lie side by side, as many as make one request worth it, at least one.
 *
 * @param mustReach include this fragment even beyond the usual size: it is the one the user waits for
 * @param msMax no fragment is among them that begins so long after the first
 */
export function nextBatch(
  fragments: readonly Fragment[],
  first: number,
  mustReach = first,
  msMax = Number.POSITIVE_INFINITY,
): Batch | undefined {
  const begin = fragments[first];
  if (!begin) {
    return undefined;
  }
  let end = first + 1;
  let length = begin.length;
  while (end < fragments.length) {
    const fragment = fragments[end] as Fragment;
    const beside = fragment.offset === begin.offset + length;
    const wanted = end <= mustReach;
    const fits =
      length + fragment.length <= BATCH_BYTES_MAX &&
      fragment.startMs + fragment.durationMs - begin.startMs <= BATCH_MS_MAX &&
      mustReach === first;
    if (!beside || (!wanted && !fits) || fragment.startMs - begin.startMs >= msMax) {
      break;
    }
    length += fragment.length;
    end++;
  }
  return { first, end, offset: begin.offset, length };
}

/** Seconds of footage ahead of a position, holes not counted. */
export function aheadOf(position: number, ranges: readonly { start: number; end: number }[]): number {
  let ahead = 0;
  for (const range of ranges) {
    if (range.end > position) {
      ahead += range.end - Math.max(range.start, position);
    }
  }
  return ahead;
}

/** Where to jump when the position stands at the end of what is buffered and more follows behind a hole. */
export function holeExit(
  position: number,
  ranges: readonly { start: number; end: number }[],
): number | undefined {
  const inside = ranges.find((range) => position >= range.start - 0.01 && position < range.end - 0.06);
  if (inside) {
    return undefined;
  }
  return ranges.find((range) => range.start > position)?.start;
}
