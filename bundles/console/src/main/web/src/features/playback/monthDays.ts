// SPDX-License-Identifier: Apache-2.0
// A month by the clocks that are shown, whose days may have 23 or 25 hours.
import { midnight, wallOf } from '../../ui/zone';

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
  const date = wallOf(utcMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() };
};

export const monthBeside = ({ year, month }: Month, by: number): Month =>
  monthOf(midnight(year, month + by, 1));

export function rangeOfMonth({ year, month }: Month): { from: number; to: number } {
  return { from: midnight(year, month, 1), to: midnight(year, month + 1, 1) };
}

/** The month's days with what is recorded of each. */
export function daysOf({ year, month }: Month, spans: readonly [number, number][]): Day[] {
  const count = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Array.from({ length: count }, (_, at) => {
    const from = midnight(year, month, at + 1);
    const to = midnight(year, month, at + 2);
    const span = spans.find(([start, end]) => start < to && end > from);
    return { number: at + 1, from, to, recordedFrom: span && Math.max(from, span[0]) };
  });
}

/** How many days of a week that begins on Monday lie before the month's first. */
export function daysBefore({ year, month }: Month): number {
  return (new Date(Date.UTC(year, month, 1)).getUTCDay() + 6) % 7;
}
