// SPDX-License-Identifier: Apache-2.0

/** Something that can be found by its words. */
export interface Findable {
  label: string;
  /** What kind of thing it is; found too, but names come first. */
  group: string;
}

const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();

/** What has all the words: names that begin so first, then those with a word that begins so, then the rest. */
export function ranked<T extends Findable>(entries: readonly T[], text: string, max: number): T[] {
  const wanted = folded(text.trim());
  const words = wanted.split(/\s+/).filter(Boolean);
  return entries
    .map((entry, order) => ({ entry, order, rank: rankOf(entry, wanted, words) }))
    .filter(({ rank }) => rank < UNFIT)
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .slice(0, max)
    .map(({ entry }) => entry);
}

const UNFIT = 9;

function rankOf({ label, group }: Findable, wanted: string, words: readonly string[]): number {
  const name = folded(label);
  if (!words.every((word) => name.includes(word) || folded(group).includes(word))) {
    return UNFIT;
  }
  if (name.startsWith(wanted)) {
    return 0;
  }
  const parts = name.split(/[^\p{Letter}\p{Number}]+/u);
  if (words.every((word) => parts.some((part) => part.startsWith(word)))) {
    return 1;
  }
  return words.every((word) => name.includes(word)) ? 2 : 3;
}
