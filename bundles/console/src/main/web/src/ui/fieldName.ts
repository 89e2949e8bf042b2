// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import en from '../i18n/en.json';

/** What is between quotation marks and may be a field: `"newPassword"`, `"recording.mode"`. */
const QUOTED = /"([a-z][A-Za-z]*(?:\.[a-z][A-Za-z]*)*)"/g;

/** A field of the API by the label it has in forms; undefined where this console has none. */
export function fieldName(field: string): string | undefined {
  const key = field.replaceAll('.', '_');
  return Object.hasOwn(en.fieldName, key) ? i18next.t(`fieldName.${key}`) : undefined;
}

/** A sentence of the server with fields by the labels they have in forms. */
export function withFieldNames(sentence: string): string {
  return sentence.replace(QUOTED, (quoted, field: string) => {
    const text = fieldName(field);
    return text === undefined ? quoted : i18next.t('common.quoted', { text });
  });
}
