// SPDX-License-Identifier: Apache-2.0
import type { Segment, SegmentIndex } from '../../api/types';
import { fragmentAt, keyAtOrBefore } from './feedPlan';

/**
 * What is to be played of a file, by its list: fragments that have some of the part, and those from which they are decoded.
 * Where one stream goes over into another they reach a little into each other.
 */
export function partOf(segment: Segment, index: SegmentIndex): SegmentIndex {
  const { startMs, open } = segment;
  const { fragments } = index;
  const toMs = startMs + segment.durationMs;
  const last = fragments.at(-1);
  const behind = last !== undefined && startMs >= last.startMs + last.durationMs;
  const begins = behind ? fragments.length : keyAtOrBefore(fragments, fragmentAt(fragments, startMs));
  const later = open ? -1 : fragments.findIndex((fragment) => fragment.startMs >= toMs);
  const ends = later < 0 ? fragments.length : later;
  if (begins === 0 && ends === fragments.length && index.open === open) {
    return index;
  }
  return {
    ...index,
    open: index.open && open,
    fragments: fragments.slice(begins, ends),
    fromMs: begins > 0 ? startMs : undefined,
    toMs: open ? undefined : toMs,
  };
}
