// SPDX-License-Identifier: Apache-2.0
import type { EventItem } from '../../api/types';

/** What one mishap does to several cameras begins within this time. */
const TOGETHER_MS = 30_000;
const CAMERAS_MIN = 3;

/** Events of one cause on several cameras, or a single event. */
export interface EventGroup {
  /** The newest of them, which stands for all. */
  head: EventItem;
  /** All of them, newest start first. */
  events: EventItem[];
}

/** What makes events alike: kind and cause. Those without a camera or a cause stand for themselves. */
function likeness(event: EventItem): string | undefined {
  const { cause } = event.attributes;
  return event.cameraId && typeof cause === 'string' ? `${event.kind} ${cause} ${event.severity}` : undefined;
}

/**
 * Takes together what one cause has done to several cameras at once, such as a server that was down.
 *
 * @param events newest start first
 */
export function groupEvents(events: readonly EventItem[]): EventGroup[] {
  const groups: EventGroup[] = [];
  const open = new Map<string, EventGroup>();
  for (const event of events) {
    const like = likeness(event);
    const known = like === undefined ? undefined : open.get(like);
    if (known && Date.parse(known.head.start) - Date.parse(event.start) <= TOGETHER_MS) {
      known.events.push(event);
    } else {
      const group = { head: event, events: [event] };
      groups.push(group);
      if (like !== undefined) {
        open.set(like, group);
      }
    }
  }
  return groups
    .flatMap((group) =>
      camerasOf(group) >= CAMERAS_MIN
        ? [group]
        : group.events.map((event): EventGroup => ({ head: event, events: [event] })),
    )
    .map((group) => ({ group, startMs: Date.parse(group.head.start) }))
    .sort((a, b) => b.startMs - a.startMs)
    .map(({ group }) => group);
}

export function camerasOf(group: EventGroup): number {
  return new Set(group.events.map((event) => event.cameraId)).size;
}
