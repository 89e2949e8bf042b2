// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import type { AuditEntry } from '../../api/audit';
import { wordFor } from '../../i18n';
import en from '../../i18n/en.json';
import { bytes } from '../../ui/bytes';
import { fieldName } from '../../ui/fieldName';
import { dateTime, duration } from '../../ui/time';
import { type Names, subjectText, withNames } from './names';

/** One field that was or is there, in words. */
export interface Change {
  field: string;
  label: string;
  /** Left out where there was nothing before, or the same. */
  was?: string;
  is: string;
}

type Reading = (value: string, names: Names) => string;

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const BOOLEAN = /^(true|false)$/;
const WHOLE = /^\d+$/;
const MASK = /^mask(\d+)$/;
const BETWEEN_IDS = /(?<=-[0-9a-f]{12})[ ,]+(?=[0-9a-f]{8}-)/g;
const AND_MORE = / and (\d+) more$/;
const SETTING = 'settings.';
/** What nobody reads as text: shapes, schedules. */
const STRUCTURED = /^[[{]\s*[[{"\d]/;
const LIST = /^\[("[^"]*"|,)*\]$/;
/** What a person has written, or a device is called: never taken for a code. */
const FREE = new Set(['name', 'title', 'text', 'reason', 'group', 'preset', 'tags', 'client', 'username']);
/** These are settings as they stand in a file; nobody finds them there by other words. */
const AS_IN_FILES = 'config.changed';

const coded =
  (group: keyof typeof en.auditValue): Reading =>
  (value) => {
    const code = value.replaceAll(' ', '_');
    return Object.hasOwn(en.auditValue[group], code) ? wordFor(`auditValue.${group}`, code) : value;
  };

/** Each word of a list by itself. */
const each =
  (group: string): Reading =>
  (value) =>
    value
      .split(/[ ,]+/)
      .filter(Boolean)
      .map((word) => wordFor(group, word))
      .join(', ');

const shape: Reading = () => i18next.t('audit.structured');

const READINGS: Record<string, Reading> = {
  role: each('role'),
  roles: each('role'),
  permissions: each('permission'),
  scopes: each('permission'),
  level: each('control.users.level'),
  codec: each('control.encoders.codec'),
  severity: each('events.severities'),
  recording_mode: each('recordingMode'),
  cut: each('exports.cuts'),
  scope: (value, names) => (value === 'site' ? i18next.t('rights.everywhere') : subjectText(value, names)),
  refused: coded('refused'),
  why: coded('refused'),
  way: coded('way'),
  password: coded('state'),
  headers: coded('state'),
  seen: coded('state'),
  file: coded('state'),
  sessions: coded('state'),
  outcome: coded('state'),
  points: shape,
  areas: shape,
  cameras: (value) =>
    value
      .replaceAll(BETWEEN_IDS, ', ')
      .replace(AND_MORE, (_, left) => ` ${i18next.t('audit.chain.more', { count: Number(left) })}`),
};

/** The field's name in the language of the console; one that nobody knows here as the server calls it. */
function labelOf(field: string, action: string): string {
  if (action === AS_IN_FILES) {
    return field;
  }
  if (field.startsWith(SETTING)) {
    return i18next.t('fieldName.driverSetting', { name: field.slice(SETTING.length) });
  }
  const [, number] = MASK.exec(field) ?? [];
  if (number) {
    return i18next.t('fieldName.maskNumber', { number });
  }
  return fieldName(field) ?? field;
}

function valueText(field: string, value: string, action: string, names: Names): string {
  const key = field.replaceAll('.', '_');
  const reading = READINGS[key];
  if (FREE.has(key) || action === AS_IN_FILES) {
    return value || i18next.t('audit.nothing');
  }
  if (value === '' || value === '[]') {
    return i18next.t('audit.nothing');
  }
  if (reading) {
    return withNames(reading(value, names), names);
  }
  if (field.startsWith(SETTING)) {
    return coded('state')(value, names);
  }
  return withNames(plainText(key, value), names);
}

function plainText(key: string, value: string): string {
  if (BOOLEAN.test(value)) {
    return i18next.t(value === 'true' ? 'common.yes' : 'common.no');
  }
  if (INSTANT.test(value)) {
    return dateTime(Date.parse(value));
  }
  if (WHOLE.test(value) && /bytes$/i.test(key)) {
    return bytes(Number(value));
  }
  if (WHOLE.test(value) && key.endsWith('Seconds')) {
    return duration(Number(value) * 1000);
  }
  if (LIST.test(value)) {
    return (JSON.parse(value) as string[]).join(', ');
  }
  return MASK.test(key) || STRUCTURED.test(value) ? i18next.t('audit.structured') : value;
}

/** What was noted of an entry's fields, as a person reads it. */
export function changesOf(
  { action, before, after }: Pick<AuditEntry, 'action' | 'before' | 'after'>,
  names: Names,
): Change[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((field) => {
    const was = before[field];
    const is = after[field];
    const text = (value: string) => valueText(field, value, action, names);
    return {
      field,
      label: labelOf(field, action),
      was: was === undefined || was === is ? undefined : text(was),
      is: is === undefined ? '–' : text(is),
    };
  });
}

/** "Role: Viewer → Operator". */
export const changeText = ({ label, was, is }: Change): string =>
  was === undefined ? `${label}: ${is}` : `${label}: ${was} → ${is}`;
