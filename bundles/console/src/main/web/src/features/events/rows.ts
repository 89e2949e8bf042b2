// SPDX-License-Identifier: Apache-2.0
import type { EventItem } from '../../api/types';
import type { EventGroup } from './group';

/** A line of the list, of the same height as all others but what extensions bring. */
export type EventRow =
  | { key: string; kind: 'event'; event: EventItem }
  /** Stands for several; these follow while it is open. */
  | { key: string; kind: 'group'; group: EventGroup; event: EventItem; open: boolean }
  /** What extensions know of the event above. */
  | { key: string; kind: 'brought'; event: EventItem };

/** @param open keys of the lines that are unfolded */
export function rowsOf(groups: readonly EventGroup[], open: ReadonlySet<string>): EventRow[] {
  const rows: EventRow[] = [];
  const push = (event: EventItem) => {
    rows.push({ key: event.id, kind: 'event', event });
    if (open.has(event.id)) {
      rows.push({ key: `${event.id}/brought`, kind: 'brought', event });
    }
  };
  for (const group of groups) {
    if (group.events.length === 1) {
      push(group.head);
      continue;
    }
    const key = `${group.head.id}/group`;
    const lasting = group.events.find(({ end }) => end === undefined);
    rows.push({ key, kind: 'group', group, event: lasting ?? group.head, open: open.has(key) });
    if (open.has(key)) {
      group.events.forEach(push);
    }
  }
  return rows;
}
