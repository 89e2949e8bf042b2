// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import type { EventKind } from '../../api/types';

/** The kind in the user's language; a plugin's by the title it gave, an undescribed one by its name. */
export function kindText(kind: string, kinds: EventKind[]): string {
  const key = `eventKind.${kind.replace('.*', '_any').replaceAll('.', '_')}`;
  if (i18next.exists(key)) {
    return i18next.t(key);
  }
  return kinds.find((known) => known.kind === kind)?.title ?? kind;
}
