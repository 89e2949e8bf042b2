// SPDX-License-Identifier: Apache-2.0
import type { Segment, SegmentIndex } from '../../api/types';

/** Where is read. */
export interface Cursor {
  segment: Segment;
  index: SegmentIndex;
  fragment: number;
  /** Fetch up to here first: the user waits for it. */
  mustReach: number;
}
