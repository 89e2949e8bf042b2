// SPDX-License-Identifier: Apache-2.0
import type { EventItem, Page } from '../../api/types';

/** An event's mark. */
export interface TimelineEvent {
  id: string;
  kind: string;
  severity: string;
  start: number;
  end?: number;
}

export type Shape = 'stroke' | 'square' | 'diamond' | 'triangle';

/** Kinds are told apart by their marks: movement, which there is most of, by the thinnest. */
export function shapeOf(kind: string): Shape {
  switch (kind) {
    case 'camera.motion':
      return 'stroke';
    case 'camera.input':
      return 'square';
    case 'camera.tamper':
      return 'diamond';
    default:
      return 'triangle';
  }
}

/** What the lane itself shows: recording, and why there is none. */
const IN_LANE = /^(recording|stream)\./;

/** Marks of events, the oldest first. */
export function marksOf(page: Page<EventItem> | undefined): TimelineEvent[] {
  return (page?.items ?? [])
    .filter(({ kind }) => !IN_LANE.test(kind))
    .map(({ id, kind, severity, start, end }) => ({
      id,
      kind,
      severity,
      start: Date.parse(start),
      end: end === undefined ? undefined : Date.parse(end),
    }))
    .sort((a, b) => a.start - b.start);
}

/** The next beginning of an event in a direction; those at the moment itself do not count. */
export function eventBeside(
  events: readonly TimelineEvent[],
  utcMs: number,
  direction: -1 | 1,
): TimelineEvent | undefined {
  return direction > 0
    ? events.find(({ start }) => start > utcMs + SAME_MS)
    : events.findLast(({ start }) => start < utcMs - SAME_MS);
}

/** The picture of a moment is a little older than the moment. */
const SAME_MS = 500;

/** The event whose mark lies there, give or take; of several the one that begins nearest. */
export function eventAt(
  events: readonly TimelineEvent[],
  utcMs: number,
  slackMs: number,
): TimelineEvent | undefined {
  let nearest: TimelineEvent | undefined;
  for (const one of events) {
    const away = Math.abs(one.start - utcMs);
    if (away <= slackMs && (!nearest || away < Math.abs(nearest.start - utcMs))) {
      nearest = one;
    }
  }
  return nearest;
}

/** From when on all events are marked: there may be more than one answer has. */
export function markedFrom(page: Page<EventItem> | undefined): number | undefined {
  const oldest = page?.items.at(-1);
  return page?.nextCursor && oldest ? Date.parse(oldest.start) : undefined;
}
