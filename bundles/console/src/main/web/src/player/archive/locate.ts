// SPDX-License-Identifier: Apache-2.0
import { type ArchiveCatalog, endOf } from './catalog';
import type { Cursor } from './cursor';
import { fragmentAt, keyAtOrBefore } from './feedPlan';

/** Where nothing is recorded. */
export interface Hole {
  /** When footage before it ends; undefined when there is none. */
  fromMs?: number;
  /** When footage behind it begins; undefined when there is none yet. */
  toMs?: number;
}

/** Where to read for a moment. */
export interface Place {
  cursor: Cursor;
  /** The moment itself, or the one that is taken for it. */
  utcMs: number;
}

/** What to do with a moment in a gap: take the next or the last before it, or none. */
export type InGap = 'forward' | 'backward' | 'none';

/** @param leadMs of footage that is loaded before the moment */
export async function locate(
  catalog: ArchiveCatalog,
  utcMs: number,
  inGap: InGap,
  leadMs: number,
): Promise<Place | Hole> {
  const found = await catalog.find(utcMs);
  let segment = found?.segment;
  let moment = utcMs;
  if (found && !found.hit) {
    const ended = endOf(found.segment) <= utcMs;
    if (inGap === 'none') {
      const before = ended ? found.segment : await catalog.before(utcMs);
      return { fromMs: before && endOf(before), toMs: ended ? undefined : found.segment.startMs };
    }
    const before = inGap === 'backward' || ended;
    segment = before ? await catalog.before(utcMs) : found.segment;
    moment = segment ? (before ? endOf(segment) : segment.startMs) : utcMs;
  }
  if (!segment) {
    return {};
  }
  const index = await catalog.index(segment, moment);
  const last = index.fragments[index.fragments.length - 1];
  const first = index.fragments[0];
  if (!first || !last) {
    return {};
  }
  moment = Math.max(first.startMs, Math.min(moment, last.startMs + last.durationMs - 0.5));
  const mustReach = fragmentAt(index.fragments, moment);
  const from = fragmentAt(index.fragments, moment - leadMs);
  const fragment = keyAtOrBefore(index.fragments, from);
  return { cursor: { segment, index, fragment, mustReach }, utcMs: moment };
}
