// SPDX-License-Identifier: Apache-2.0
import type { Camera, EventItem, EventKind } from '../../api/types';
import { wordFor } from '../../i18n';
import { eventText } from './eventText';
import { kindText } from './kindText';

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
