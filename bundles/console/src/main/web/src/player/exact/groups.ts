// SPDX-License-Identifier: Apache-2.0
import type { Fragment, Segment, SegmentIndex } from '../../api/types';
import { type ArchiveCatalog, keyOf } from '../archive/catalog';
import { keyAtOrBefore } from '../archive/feedPlan';
import { type Hole, type InGap, locate } from '../archive/locate';
import type { PictureTime } from './messages';

/** A key frame and the pictures up to the next, as they lie in the archive. */
export interface Group {
  /** Another one once more of it is recorded. */
  id: string;
  segment: Segment;
  index: SegmentIndex;
  /** Its fragments: from this one, and behind the last. */
  first: number;
  end: number;
  startMs: number;
  endMs: number;
  /** Nothing will be added to it. */
  complete: boolean;
  /** Known of its pictures, in order of presentation. */
  times: PictureTime[];
  /** Up to which fragment they are known. */
  knownTo: number;
  /** In the segment before, in the one behind; once they were looked for. */
  neighbours: { before?: () => Group; after?: () => Group };
}

const GROUPS_MAX = 24;
/** Times are computed from two clocks; no two pictures are that near to each other. */
export const SLACK_MS = 0.05;

export const knowsAll = (group: Group): boolean => group.knownTo >= group.end;

/** Number of the last picture at or before a moment; -1 if all are later. */
export function lastAt(times: readonly PictureTime[], utcMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as PictureTime).utcMs <= utcMs + SLACK_MS) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

/** Whether a picture is one of the part of a file. */
export const isOfPart = ({ fromMs, toMs }: SegmentIndex, { utcMs }: PictureTime): boolean =>
  (fromMs === undefined || utcMs + SLACK_MS >= fromMs) && (toMs === undefined || utcMs + SLACK_MS < toMs);

/** The fragment of a group that has a moment's picture. */
export function fragmentOf(group: Group, utcMs: number): number {
  let at = group.first;
  while (at + 1 < group.end && (group.index.fragments[at + 1] as Fragment).startMs <= utcMs + SLACK_MS) {
    at++;
  }
  return at;
}

export interface Range {
  first: number;
  end: number;
  offset: number;
  length: number;
}

/** The bytes of fragments, as few ranges as they lie in. */
export function rangesOf(fragments: readonly Fragment[], first: number, end: number): Range[] {
  const ranges: Range[] = [];
  for (let n = first; n < end; n++) {
    const { offset, length } = fragments[n] as Fragment;
    const last = ranges.at(-1);
    if (last && last.offset + last.length === offset) {
      last.end = n + 1;
      last.length += length;
    } else {
      ranges.push({ first: n, end: n + 1, offset, length });
    }
  }
  return ranges;
}

/** Groups of pictures in the archive of one camera, and what is known of them. */
export class Groups {
  private readonly known = new Map<string, Group>();

  constructor(private readonly catalog: ArchiveCatalog) {}

  /** One whose pictures are all known and that has the moment's. */
  covering(utcMs: number): Group | undefined {
    for (const group of this.known.values()) {
      const fromMs = Math.max(group.startMs, group.index.fromMs ?? 0);
      if (knowsAll(group) && utcMs + SLACK_MS >= fromMs && utcMs + SLACK_MS < group.endMs) {
        return group;
      }
    }
    return undefined;
  }

  async at(utcMs: number, inGap: InGap): Promise<{ group: Group; utcMs: number } | Hole> {
    const place = await locate(this.catalog, utcMs, inGap, 0);
    if (!('cursor' in place)) {
      return place;
    }
    const { segment, index, fragment } = place.cursor;
    return { group: this.from(segment, index, fragment), utcMs: place.utcMs };
  }

  /** The one behind, over a gap too; the same one grown where it was the newest, and none where nothing has come. */
  async after(group: Group): Promise<Group | undefined> {
    let { index } = group;
    if (group.end >= index.fragments.length && index.open) {
      index = await this.catalog.index(group.segment);
      const grown = this.from(group.segment, index, group.first);
      if (grown.end > group.end) {
        return grown;
      }
    }
    if (group.end < index.fragments.length) {
      return this.from(group.segment, index, group.end);
    }
    if (index.open) {
      return undefined;
    }
    if (group.neighbours.after) {
      return group.neighbours.after();
    }
    const last = index.fragments.at(-1);
    const { segment } = group;
    const durationMs = last ? last.startMs + last.durationMs - segment.startMs : segment.durationMs;
    const next = await this.catalog.next({ ...segment, durationMs });
    const found = next && (await this.inSegment(next, () => 0));
    group.neighbours.after = found && this.again(found);
    return found;
  }

  /** The one before, over a gap too. */
  async before(group: Group): Promise<Group | undefined> {
    if (group.first > 0) {
      const first = keyAtOrBefore(group.index.fragments, group.first - 1);
      return this.from(group.segment, group.index, first);
    }
    if (group.neighbours.before) {
      return group.neighbours.before();
    }
    const segment = await this.catalog.before(group.segment.startMs);
    const lastKey = (fragments: readonly Fragment[]) => keyAtOrBefore(fragments, fragments.length - 1);
    const found = segment && (await this.inSegment(segment, lastKey));
    group.neighbours.before = found && this.again(found);
    return found;
  }

  /** How to have a group again without asking, unless it may grow. */
  private again({ segment, index, first, complete }: Group): (() => Group) | undefined {
    return complete ? () => this.from(segment, index, first) : undefined;
  }

  private async inSegment(
    segment: Segment,
    which: (fragments: readonly Fragment[]) => number,
  ): Promise<Group | undefined> {
    const index = await this.catalog.index(segment);
    return index.fragments.length === 0 ? undefined : this.from(segment, index, which(index.fragments));
  }

  private from(segment: Segment, index: SegmentIndex, first: number): Group {
    const { fragments } = index;
    let end = first + 1;
    while (end < fragments.length && !fragments[end]?.key) {
      end++;
    }
    const id = `${keyOf(segment)}/${first}-${end}`;
    const complete = end < fragments.length || !index.open;
    const last = fragments[end - 1] as Fragment;
    const endMs = Math.min(
      fragments[end]?.startMs ?? last.startMs + last.durationMs,
      index.toMs ?? Number.POSITIVE_INFINITY,
    );
    const there = this.known.get(id);
    if (there) {
      if (complete && !there.complete) {
        Object.assign(there, { complete, index, endMs });
      }
      this.known.delete(id);
      this.known.set(id, there);
      return there;
    }
    const group: Group = {
      id,
      segment,
      index,
      first,
      end,
      startMs: (fragments[first] as Fragment).startMs,
      endMs,
      complete,
      times: [],
      knownTo: first,
      neighbours: {},
    };
    this.known.set(id, group);
    const oldest = this.known.keys().next().value;
    if (this.known.size > GROUPS_MAX && oldest !== undefined) {
      this.known.delete(oldest);
    }
    return group;
  }
}
