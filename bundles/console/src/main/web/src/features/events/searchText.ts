// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import type { EventKind } from '../../api/types';
import { kindText } from './kindText';

/** As many words, alternatives and characters as the server takes. */
const WORDS_MAX = 8;
const ALTERNATIVES_MAX = 64;
const TEXT_CHARS_MAX = 2_000;
/** Longer words are cut: they begin so. */
const WORD_CHARS_MAX = 100;
/** Shorter ones are in nearly every word there is. */
const WORD_MIN = 3;
/** What the server says by codes, which stand in events, and the page in words. */
const CODES = ['cause', 'role', 'cameraPart'];

/**
 * What the server is asked for. It looks for words in what it has said itself; for each word that the page shows in another
 * language it is given what stands there: kinds and codes.
 */
export function searchText(typed: string, kinds: readonly EventKind[]): string {
  const words = typed.toLocaleLowerCase().replaceAll('|', ' ').split(/\s+/).filter(Boolean);
  let room = TEXT_CHARS_MAX;
  return words
    .slice(0, WORDS_MAX)
    .flatMap((word) => {
      const taken = [word.slice(0, WORD_CHARS_MAX), ...meant(word, kinds)]
        .slice(0, ALTERNATIVES_MAX)
        .filter((alternative) => {
          room -= alternative.length + 1;
          return room >= 0;
        });
      return taken.length > 0 ? [taken.join('|')] : [];
    })
    .join(' ');
}

/** Kinds and codes whose words have this one in them. */
function meant(word: string, kinds: readonly EventKind[]): string[] {
  if (word.length < WORD_MIN) {
    return [];
  }
  const says = (text: unknown) => typeof text === 'string' && text.toLocaleLowerCase().includes(word);
  const named = kinds
    .map(({ kind }) => kind)
    .filter(
      (kind) => says(kindText(kind, [...kinds])) || says(template(`eventText.${kind.replaceAll('.', '_')}`)),
    );
  const coded = CODES.flatMap((group) =>
    Object.entries((template(group) as Record<string, unknown> | undefined) ?? {})
      .filter(([, text]) => says(text))
      .map(([code]) => code),
  );
  // A blank would part them.
  return [...new Set([...named, ...coded])].filter((one) => !/\s/.test(one));
}

const template = (key: string): unknown => i18next.getResource(i18next.language, 'translation', key);
