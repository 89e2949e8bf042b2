// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import type { EventItem } from '../../api/types';
import { wordFor } from '../../i18n';
import { bytes } from '../../ui/bytes';
import { causeSentence, findingText, sentence } from '../../ui/serverText';
import { dateTime } from '../../ui/time';

/** What happened, in the language of the console: the server's sentence, or one made of the event's attributes. */
export function eventText(event: EventItem): string {
  const own = ownText(event);
  // The server's sentence on a changed camera has the names that the API has.
  return (event.kind === 'camera.changed' ? own : sentence(event.detail, own)) ?? event.detail;
}

function ownText({ kind, attributes, detail }: EventItem): string | undefined {
  const text = (name: string) => {
    const value = attributes[name];
    return typeof value === 'string' ? value : undefined;
  };
  switch (kind) {
    case 'stream.down':
    case 'recording.gap':
      return causeSentence(text('cause'), detail);
    case 'server.part_unwell':
      return findingText(text('finding') ?? '', attributes);
    case 'camera.changed':
      return changedText(text('changed'), text('before'));
    case 'volume.unavailable':
      return wordsOf(`volumeHint.${text('status')}`, attributes);
    case 'server.started':
      return i18next.t(
        attributes.crashed ? 'eventText.server_crashed' : 'eventText.server_started',
        attributes,
      );
    case 'recording.deleted':
      return i18next.t('eventText.recording_deleted', {
        user: text('user'),
        count: Number(attributes.segments),
        size: bytes(Number(attributes.bytes)),
        from: dateTime(Date.parse(text('from') ?? '')),
        to: dateTime(Date.parse(text('to') ?? '')),
      });
    case 'recording.removed_early':
      return i18next.t(`eventText.removed_early_${text('cause') === 'quota' ? 'quota' : 'reserve'}`, {
        volume: text('name'),
        cameras: text('cameraNames'),
        days: attributes.retentionDaysMax,
        limit: bytes(Number(attributes.limitBytes)),
        count: Number(attributes.segments),
        size: bytes(Number(attributes.bytes)),
        from: dateTime(Date.parse(text('from') ?? '')),
        to: dateTime(Date.parse(text('to') ?? '')),
      });
    case 'user.added':
    case 'user.changed':
    case 'user.removed':
      return i18next.t(
        kind === 'user.changed' && attributes.disabled ? 'eventText.user_disabled' : `eventText.${key(kind)}`,
        { ...attributes, role: wordFor('role', text('role')) },
      );
    default:
      return wordsOf(`eventText.${key(kind)}`, attributes);
  }
}

function changedText(changed: string | undefined, before: string | undefined): string | undefined {
  if (changed === undefined) {
    return undefined;
  }
  const what = changed
    .split(', ')
    .map((part) => wordFor('cameraPart', part))
    .join(', ');
  return i18next.t(before ? 'events.renamed' : 'events.changed', { what, before });
}

const key = (kind: string) => kind.replaceAll('.', '_');

function wordsOf(name: string, values: Record<string, unknown>): string | undefined {
  return i18next.exists(name, values) ? i18next.t(name, values) : undefined;
}
