// SPDX-License-Identifier: Apache-2.0
import type { Segment, SegmentIndex } from '../../api/types';
import type { ArchiveCatalog } from './catalog';

/** Where is read. */
export interface Cursor {
  segment: Segment;
  index: SegmentIndex;
  fragment: number;
  /** Fetch up to here first: the user waits for it. */
  mustReach: number;
}

/**
 * Behind the end of the known index: the segment has grown, or another one follows.
 *
 * @returns false at the newest footage
 */
export async function goOn(catalog: ArchiveCatalog, cursor: Cursor): Promise<boolean> {
  if (cursor.index.open) {
    const count = cursor.index.fragments.length;
    cursor.index = await catalog.index(cursor.segment);
    if (cursor.index.fragments.length > count) {
      return true;
    }
  }
  if (cursor.index.open) {
    return false;
  }
  const last = cursor.index.fragments[cursor.index.fragments.length - 1];
  const known = { ...cursor.segment };
  if (last) {
    known.durationMs = last.startMs + last.durationMs - known.startMs;
  }
  const next = await catalog.next(known);
  if (!next) {
    return false;
  }
  cursor.index = await catalog.index(next);
  cursor.segment = next;
  cursor.fragment = 0;
  cursor.mustReach = 0;
  return cursor.index.fragments.length > 0;
}
