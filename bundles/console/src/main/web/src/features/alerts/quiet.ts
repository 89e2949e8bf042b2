// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { useSession } from '../../api/session';
import type { EventItem } from '../../api/types';

/** Of one user: more would not be overlooked by anybody. */
export const RULES_MAX = 20;
/** Who used this browser longest ago is forgotten. */
const USERS_MAX = 20;
const DAY_MINUTES = 24 * 60;

/** When events make no sound and no notification. */
export interface QuietHours {
  id: string;
  /** From Monday, 0, on. What begins on one of them goes on into the next where `to` is not later than `from`. */
  days: number[];
  /** Minutes of the clock on the wall, of the browser's zone. */
  from: number;
  to: number;
  /** None: of all, and of what has no camera. */
  cameras: string[];
  /** None: whatever happens. */
  kinds: string[];
  /** Else what is critical is told all the same. */
  evenCritical: boolean;
}

interface AllQuietHours {
  /** By the ids of users: several may have one browser. */
  of: Record<string, QuietHours[]>;
  set: (userId: string, rules: QuietHours[]) => void;
}

const useAllQuietHours = create<AllQuietHours>()(
  persist(
    (set) => ({
      of: {},
      set: (userId, rules) =>
        set(({ of }) => {
          const others = Object.entries(of).filter(([id]) => id !== userId);
          return {
            of: Object.fromEntries([...others.slice(1 - USERS_MAX), [userId, rules.slice(0, RULES_MAX)]]),
          };
        }),
    }),
    { name: 'nxvms.quiet', version: 1, partialize: ({ of }) => ({ of }) },
  ),
);

// What is set in one window counts in all.
window.addEventListener('storage', ({ key }) => {
  if (key === 'nxvms.quiet') {
    void useAllQuietHours.persist.rehydrate();
  }
});

const NONE: QuietHours[] = [];

/** Of the user who is signed in, in this browser. */
export function useQuietHours(): { rules: QuietHours[]; set: (rules: QuietHours[]) => void } {
  const userId = useSession(({ user }) => user?.id) ?? '';
  const rules = useAllQuietHours(({ of }) => of[userId]) ?? NONE;
  return { rules, set: (next) => useAllQuietHours.getState().set(userId, next) };
}

/**
 * What clocks on the wall show, which is what people mean by "at night": the hour that is there twice in autumn is quiet
 * twice, and the one that is left out in spring shortens the night.
 */
function onTheWall(ms: number, timeZone?: string): { day: number; minute: number } {
  if (timeZone === undefined) {
    const date = new Date(ms);
    return { day: (date.getDay() + 6) % 7, minute: date.getHours() * 60 + date.getMinutes() };
  }
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(ms);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    day: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

/** @param timeZone the browser's where it is left out */
export function isNow({ days, from, to }: QuietHours, nowMs: number, timeZone?: string): boolean {
  const { day, minute } = onTheWall(nowMs, timeZone);
  if (to > from) {
    return days.includes(day) && minute >= from && minute < to;
  }
  return (days.includes(day) && minute >= from) || (days.includes((day + 6) % 7) && minute < to);
}

/** Whether nothing of it is to be heard or to pop up now. */
export function isQuiet(
  rules: readonly QuietHours[],
  event: EventItem,
  nowMs: number,
  timeZone?: string,
): boolean {
  return rules.some(
    (rule) =>
      (rule.evenCritical || event.severity !== 'critical') &&
      (rule.kinds.length === 0 || rule.kinds.includes(event.kind)) &&
      (rule.cameras.length === 0 ||
        (event.cameraId !== undefined && rule.cameras.includes(event.cameraId))) &&
      isNow(rule, nowMs, timeZone),
  );
}

/** "22:00". */
export const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Minutes of what was typed; midnight, at the end of a day, may be 24:00. */
export function minutesOf(text: string): number | undefined {
  const [, hours = '', minutes = ''] = /^\s*(\d{1,2})[:.](\d{2})\s*$/.exec(text) ?? [];
  const all = hours === '' ? Number.NaN : Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && all <= DAY_MINUTES ? all % DAY_MINUTES : undefined;
}
