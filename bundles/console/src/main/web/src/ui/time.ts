// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import { locale } from '../i18n';
import { isElsewhere, momentOfWall, shownZone, shownZoneName, wallOf } from './zone';

const cache = new Map<string, Intl.DateTimeFormat>();

function format(
  key: string,
  options: Intl.DateTimeFormatOptions,
  timeZone = shownZone(),
): Intl.DateTimeFormat {
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

/** "2026-11-25 22:04:36" in every language: a field to type in, of 24 hours like all else here. */
export function dateTimeText(ms: number): string {
  const date = wallOf(ms);
  const pad = (value: number) => String(value).padStart(2, '0');
  return (
    `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}` +
    ` ${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`
  );
}

/** "Europe/Berlin, GMT+1": whose clocks those are, and how they stand at that moment. */
export function zoneText(ms: number): string {
  const name = shownZoneName();
  return name === 'UTC' ? name : `${name}, ${offsetText(ms)}`;
}

/** "GMT+1": how those clocks stand at that moment. */
export const offsetText = (ms: number): string =>
  format('zone', { timeZoneName: 'shortOffset' })
    .formatToParts(ms)
    .find(({ type }) => type === 'timeZoneName')?.value ?? '';

/** " GMT+1" behind a time where there is no room to name the clocks; nothing where they are the reader's own. */
export const offsetTail = (ms: number): string => (isElsewhere() ? ` ${offsetText(ms)}` : '');

const HOUR_MS = 3_600_000;
/** What stands before which character of `dateTimeText`. */
const PARTS: [end: number, step: (ms: number, by: number) => number][] = [
  [4, (ms, by) => onWall(ms, (wall) => addMonths(wall, 12 * by))],
  [7, (ms, by) => onWall(ms, (wall) => addMonths(wall, by))],
  [10, (ms, by) => onWall(ms, (wall) => wall.setUTCDate(wall.getUTCDate() + by))],
  // By time that passes, not by the clocks: so the hour that is shown twice in autumn is reached twice.
  [13, (ms, by) => ms + by * HOUR_MS],
  [16, (ms, by) => ms + by * 60_000],
  [19, (ms, by) => ms + by * 1_000],
];

function onWall(ms: number, step: (wall: Date) => void): number {
  const wall = wallOf(ms);
  step(wall);
  return momentOfWall(wall.getTime());
}

function addMonths(wall: Date, by: number): void {
  const day = wall.getUTCDate();
  wall.setUTCDate(1);
  wall.setUTCMonth(wall.getUTCMonth() + by);
  const last = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
  wall.setUTCDate(Math.min(day, last));
}

/** A moment with the part at the caret of its text stepped. */
export function steppedTime(ms: number, caret: number, by: number): number {
  const [, step] = PARTS.find(([end]) => caret <= end) ?? PARTS[5] ?? [];
  return step?.(ms, by) ?? ms;
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
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const real = wall.getUTCMonth() === month - 1 && wall.getUTCDate() === day;
  return real && hour < 24 && minute < 60 && second < 60 ? momentOfWall(wall.getTime()) : undefined;
}

export const fileStamp = (ms: number) => new Date(ms).toISOString().replace(/[:.]/g, '-');
