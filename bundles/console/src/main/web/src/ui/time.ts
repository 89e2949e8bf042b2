// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import { locale } from '../i18n';

const cache = new Map<string, Intl.DateTimeFormat>();

function format(key: string, options: Intl.DateTimeFormatOptions, timeZone?: string): Intl.DateTimeFormat {
  const id = `${locale()}|${timeZone ?? ''}|${key}`;
  let found = cache.get(id);
  if (!found) {
    found = new Intl.DateTimeFormat(locale(), { hourCycle: 'h23', ...options, timeZone });
    cache.set(id, found);
  }
  return found;
}

const two: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };

export const clockTime = (ms: number, zone?: string) =>
  format('clock', { ...two, second: '2-digit' }, zone).format(ms);
export const hourMinute = (ms: number, zone?: string) => format('hm', two, zone).format(ms);
export const dayName = (ms: number, zone?: string) =>
  format('day', { weekday: 'short', day: 'numeric', month: 'short' }, zone).format(ms);
export const monthName = (ms: number) => format('month', { month: 'long', year: 'numeric' }).format(ms);
/** Of the days of a week from Monday, 0, on. */
export const weekdayName = (day: number) =>
  // The first of June 2026 is a Monday.
  format('weekday', { weekday: 'short' }, 'UTC').format(Date.UTC(2026, 5, 1 + day, 12));
export const dateTime = (ms: number, zone?: string) =>
  format(
    'full',
    { year: 'numeric', month: '2-digit', day: '2-digit', ...two, second: '2-digit' },
    zone,
  ).format(ms);

/** Without saying the day twice. */
export const rangeText = (from: number, to: number): string =>
  dayName(from) === dayName(to) && to - from < 7 * 24 * HOUR_MS
    ? `${dateTime(from)} – ${clockTime(to)}`
    : `${dateTime(from)} – ${dateTime(to)}`;

/** With tenths and the zone's short name, for the clock over the picture; two 02:30 of an autumn night stay apart. */
export function preciseTime(ms: number): string {
  return format('precise', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...two,
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'short',
  }).format(ms);
}

/** Time of day to the millisecond. */
export const preciseClock = (ms: number) =>
  format('preciseClock', { ...two, second: '2-digit', fractionalSecondDigits: 3 }).format(ms);

/** "2 h 05 min", "12 s". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) {
    return i18next.t('time.seconds', { seconds });
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return i18next.t('time.minutes', { minutes, seconds: String(seconds % 60).padStart(2, '0') });
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    return i18next.t('time.hours', { hours, minutes: String(minutes % 60).padStart(2, '0') });
  }
  return i18next.t('time.days', { days: Math.floor(hours / 24), hours: hours % 24 });
}

/** "2026-11-25 22:04:36" in the browser's zone, in every language: a field to type in, of 24 hours like all else here. */
export function dateTimeText(ms: number): string {
  const date = new Date(ms);
  const pad = (value: number) => String(value).padStart(2, '0');
  return (
    `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}` +
    ` ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
  );
}

/** "Europe/Berlin, GMT+1": whose clocks those are, and how they stand at that moment. */
export function zoneText(ms: number): string {
  const shown = format('zone', { timeZoneName: 'shortOffset' });
  const offset = shown.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value;
  const { timeZone } = shown.resolvedOptions();
  return timeZone === 'UTC' ? timeZone : `${timeZone}, ${offset}`;
}

const HOUR_MS = 3_600_000;
/** What stands before which character of `dateTimeText`. */
const PARTS: [end: number, step: (date: Date, by: number) => void][] = [
  [4, (date, by) => addMonths(date, 12 * by)],
  [7, (date, by) => addMonths(date, by)],
  [10, (date, by) => date.setDate(date.getDate() + by)],
  // By time that passes, not by the clocks: so the hour that is shown twice in autumn is reached twice.
  [13, (date, by) => date.setTime(date.getTime() + by * HOUR_MS)],
  [16, (date, by) => date.setTime(date.getTime() + by * 60_000)],
  [19, (date, by) => date.setTime(date.getTime() + by * 1_000)],
];

function addMonths(date: Date, by: number): void {
  const day = date.getDate();
  date.setDate(1);
  date.setMonth(date.getMonth() + by);
  date.setDate(Math.min(day, new Date(date.getFullYear(), date.getMonth() + 1, 0).getDate()));
}

/** A moment with the part at the caret of its text stepped. */
export function steppedTime(ms: number, caret: number, by: number): number {
  const date = new Date(ms);
  const [, step] = PARTS.find(([end]) => caret <= end) ?? PARTS[5] ?? [];
  step?.(date, by);
  return date.getTime();
}

const TYPED = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/** What was typed: date with or without time, seconds may be left out; nothing when there is no such moment. */
export function dateTimeOf(text: string): number | undefined {
  const parts = TYPED.exec(text.trim());
  if (!parts) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const date = new Date(year, month - 1, day, hour, minute, second);
  const real = date.getMonth() === month - 1 && date.getDate() === day;
  return real && hour < 24 && minute < 60 && second < 60 ? date.getTime() : undefined;
}

export const fileStamp = (ms: number) => new Date(ms).toISOString().replace(/[:.]/g, '-');
