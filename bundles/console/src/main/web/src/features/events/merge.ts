// SPDX-License-Identifier: Apache-2.0
import type { EventItem } from '../../api/types';

const newestFirst = (a: EventItem, b: EventItem) =>
  a.start === b.start ? (a.id < b.id ? 1 : -1) : a.start < b.start ? 1 : -1;

/** Each event once, by its newest change, newest start first. */
export function mergeEvents(...lists: EventItem[][]): EventItem[] {
  const newest = new Map<string, EventItem>();
  for (const event of lists.flat()) {
    const known = newest.get(event.id);
    if (!known || known.sequence < event.sequence) {
      newest.set(event.id, event);
    }
  }
  return [...newest.values()].sort(newestFirst);
}
