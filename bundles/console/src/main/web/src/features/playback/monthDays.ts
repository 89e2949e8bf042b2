// SPDX-License-Identifier: Apache-2.0
// A month by the browser's clocks, whose days may have 23 or 25 hours.

export interface Month {
  year: number;
  /** From 0. */
  month: number;
}

export interface Day {
  /** Of the month, from 1. */
  number: number;
  from: number;
  to: number;
  /** When its first footage begins; absent on a day without. */
  recordedFrom?: number;
}

export const monthOf = (utcMs: number): Month => {
  const date = new Date(utcMs);
  return { year: date.getFullYear(), month: date.getMonth() };
};

export const monthBeside = ({ year, month }: Month, by: number): Month =>
  monthOf(new Date(year, month + by, 1).getTime());

export function rangeOfMonth({ year, month }: Month): { from: number; to: number } {
  return { from: new Date(year, month, 1).getTime(), to: new Date(year, month + 1, 1).getTime() };
}

/** The month's days with what is recorded of each. */
export function daysOf({ year, month }: Month, spans: readonly [number, number][]): Day[] {
  const count = new Date(year, month + 1, 0).getDate();
  return Array.from({ length: count }, (_, at) => {
    const from = new Date(year, month, at + 1).getTime();
    const to = new Date(year, month, at + 2).getTime();
    const span = spans.find(([start, end]) => start < to && end > from);
    return { number: at + 1, from, to, recordedFrom: span && Math.max(from, span[0]) };
  });
}

/** How many days of a week that begins on Monday lie before the month's first. */
export function daysBefore({ year, month }: Month): number {
  return (new Date(year, month, 1).getDay() + 6) % 7;
}
