// SPDX-License-Identifier: Apache-2.0
import type { RecordingSchedule, ScheduleSpan } from '../../../api/types';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];
export type CellMode = 'continuous' | 'event' | 'off';

/** Seven days of 24 hours. */
export type Week = readonly (readonly CellMode[])[];

const HOURS = 24;

/** Working hours always, the rest on events: a beginning that shows what can be painted. */
export const FIRST_WEEK: Week = DAYS.map((_day, index) =>
  Array.from({ length: HOURS }, (_hour, hour) =>
    index < 5 && hour >= 8 && hour < 18 ? 'continuous' : ('event' as const),
  ),
);

/** An hour that a span covers only in part counts as covered. */
export function weekOf(schedule: RecordingSchedule | undefined): Week {
  if (!schedule) {
    return FIRST_WEEK;
  }
  return DAYS.map((day) =>
    Array.from({ length: HOURS }, (_unused, hour) => {
      const here = schedule.spans.filter(
        (span) => span.days.includes(day) && hoursOf(span.from) < hour + 1 && hoursOf(span.to) > hour,
      );
      return here.some((span) => span.mode === 'continuous')
        ? 'continuous'
        : here.length > 0
          ? 'event'
          : 'off';
    }),
  );
}

function hoursOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours + minutes / 60;
}

/** Neighbouring hours of a day are one span, days with the same hours share it. */
export function spansOf(week: Week): ScheduleSpan[] {
  const days = new Map<string, Day[]>();
  week.forEach((hours, index) => {
    for (let from = 0; from < HOURS; ) {
      let to = from + 1;
      while (to < HOURS && hours[to] === hours[from]) {
        to++;
      }
      const day = DAYS[index];
      if (hours[from] !== 'off' && day) {
        const key = `${name(from)} ${name(to)} ${hours[from]}`;
        days.set(key, [...(days.get(key) ?? []), day]);
      }
      from = to;
    }
  });
  return [...days].map(([key, of]) => {
    const [from = '', to = '', mode] = key.split(' ');
    return { days: of, from, to, mode: mode as ScheduleSpan['mode'] };
  });
}

function name(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** The week with a rectangle of cells in another mode. */
export function painted(week: Week, a: Cell, b: Cell, mode: CellMode): Week {
  return week.map((hours, day) =>
    hours.map((was, hour) => (between(day, a.day, b.day) && between(hour, a.hour, b.hour) ? mode : was)),
  );
}

export interface Cell {
  day: number;
  hour: number;
}

export function between(value: number, a: number, b: number): boolean {
  return value >= Math.min(a, b) && value <= Math.max(a, b);
}

export function hasMode(week: Week, mode: CellMode): boolean {
  return week.some((hours) => hours.includes(mode));
}
