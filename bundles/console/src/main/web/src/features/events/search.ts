// SPDX-License-Identifier: Apache-2.0
import type { EventQuery } from '../../api/events';
import type { Camera, EventItem, EventKind } from '../../api/types';
import { wordFor } from '../../i18n';
import { eventText } from './eventText';
import { kindText } from './kindText';

/** Of what is told as it happens, what overlaps the time that is looked at, where that is over at some moment. */
export function within(events: EventItem[], { from, to }: EventQuery): EventItem[] {
  if (to === undefined) {
    return events;
  }
  return events.filter(({ start, end, form }) => {
    const startMs = Date.parse(start);
    const endMs = end !== undefined ? Date.parse(end) : form === 'state' ? Number.POSITIVE_INFINITY : startMs;
    return startMs < to && (from === undefined || endMs >= from);
  });
}

/** Those in which all words are found, in what the page shows of them and in what the server said. */
export function matching(
  events: EventItem[],
  words: string,
  cameras: readonly Camera[],
  kinds: EventKind[],
): EventItem[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) {
    return events;
  }
  const names = new Map(cameras.map(({ id, name }) => [id, name]));
  return events.filter((event) => {
    const { cause, name } = event.attributes;
    const text = [
      event.kind,
      kindText(event.kind, kinds),
      event.cameraId && names.get(event.cameraId),
      name,
      event.source.id,
      event.source.part,
      typeof cause === 'string' ? wordFor('cause', cause) : '',
      eventText(event),
      event.detail,
    ]
      .join(' ')
      .toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
