// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { daysBefore, daysOf, monthBeside, monthOf, rangeOfMonth } from './monthDays';

const NOVEMBER = { year: 2026, month: 10 };
const at = (day: number, hour = 0) => new Date(2026, 10, day, hour).getTime();

describe('a month of footage', () => {
  it('says of each day where its first footage begins', () => {
    const days = daysOf(NOVEMBER, [
      [at(3, 22), at(5, 1)],
      [at(5, 12), at(5, 13)],
    ]);
    expect(days).toHaveLength(30);
    const recorded = days.filter(({ recordedFrom }) => recordedFrom !== undefined);
    expect(recorded.map(({ number, recordedFrom }) => [number, recordedFrom])).toEqual([
      [3, at(3, 22)],
      [4, at(4)],
      [5, at(5)],
    ]);
  });

  it('does not count a day at whose midnight footage ends', () => {
    const days = daysOf(NOVEMBER, [[at(1, 10), at(2)]]);
    expect(days.map(({ recordedFrom }) => recordedFrom !== undefined).indexOf(true)).toBe(0);
    expect(days[1]?.recordedFrom).toBeUndefined();
  });

  it('has days that lie side by side and fill it', () => {
    for (const month of [NOVEMBER, { year: 2028, month: 1 }, { year: 2026, month: 2 }]) {
      const days = daysOf(month, []);
      const { from, to } = rangeOfMonth(month);
      expect(days[0]?.from).toBe(from);
      expect(days.at(-1)?.to).toBe(to);
      for (const [n, day] of days.entries()) {
        expect(day.to).toBe(days[n + 1]?.from ?? to);
      }
    }
  });

  it('follows another over the year', () => {
    expect(monthBeside({ year: 2026, month: 11 }, 1)).toEqual({ year: 2027, month: 0 });
    expect(monthBeside({ year: 2026, month: 0 }, -1)).toEqual({ year: 2025, month: 11 });
    expect(monthOf(at(30, 23))).toEqual(NOVEMBER);
  });

  it('begins on its day of the week, Monday first', () => {
    expect(daysBefore(NOVEMBER)).toBe(6);
    expect(daysBefore({ year: 2026, month: 5 })).toBe(0);
  });
});
