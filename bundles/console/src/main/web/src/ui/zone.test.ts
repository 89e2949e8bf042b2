// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { daysOf, rangeOfMonth } from '../features/playback/monthDays';
import { ticksFor } from '../features/playback/timeScale';
import { clockTime, dateTimeOf, dateTimeText, offsetTail, preciseTime, steppedTime, zoneText } from './time';
import {
  CLOCKS_CHANGED,
  chooseClocks,
  clocks,
  endOfDay,
  learnServerZone,
  midnight,
  momentOfWall,
  offsetMs,
  shownZoneName,
  startClocks,
} from './zone';

const HOUR = 3_600_000;
const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';
/** The last and first hour of a summer: the same times of day come twice, and one hour never. */
const SET_BACK = { [BERLIN]: Date.UTC(2026, 9, 25, 1), [NEW_YORK]: Date.UTC(2026, 10, 1, 6) };
const SET_FORWARD = { [BERLIN]: Date.UTC(2026, 2, 29, 1), [NEW_YORK]: Date.UTC(2026, 2, 8, 7) };

beforeEach(() => localStorage.clear());
afterEach(() => {
  localStorage.clear();
  startClocks();
});

/** The browser of these tests is where UTC is. */
function serverIn(zone: string): void {
  learnServerZone(zone);
  chooseClocks('server');
}

describe('the clocks that are shown', () => {
  it("are the browser's until the server's are chosen, and are remembered", () => {
    learnServerZone(BERLIN);
    expect([clocks(), shownZoneName()]).toEqual(['browser', 'UTC']);
    chooseClocks('server');
    expect([clocks(), shownZoneName()]).toEqual(['server', BERLIN]);
    startClocks();
    expect([clocks(), shownZoneName()]).toEqual(['server', BERLIN]);
  });

  it("stay the browser's while the server has not said where it is, or in words that no browser knows", () => {
    chooseClocks('server');
    for (const zone of [undefined, '', 'Middle/Earth']) {
      learnServerZone(zone);
      expect([clocks(), shownZoneName()]).toEqual(['browser', 'UTC']);
    }
  });

  it('say when a day ends, be it of 23 or of 25 hours', () => {
    serverIn(BERLIN);
    const begins = midnight(2026, 9, 25);
    expect(endOfDay(begins) - begins).toBe(25 * HOUR);
    expect(endOfDay(begins + 25 * HOUR - 1)).toBe(begins + 25 * HOUR);
    expect(endOfDay(midnight(2026, 2, 29)) - midnight(2026, 2, 29)).toBe(23 * HOUR);
    // In Berlin it is tomorrow already.
    expect(endOfDay(Date.UTC(2026, 10, 25, 23, 30))).toBe(Date.UTC(2026, 10, 26, 23));
  });

  it('are understood as Java names them', () => {
    serverIn('GMT+02:00');
    expect(dateTimeText(Date.UTC(2026, 10, 25, 12))).toBe('2026-11-25 14:00:00');
  });

  it('are told to all that shows times when they change, and only then', () => {
    const told = vi.fn();
    i18next.on(CLOCKS_CHANGED, told);
    learnServerZone(NEW_YORK);
    expect(told).toHaveBeenCalledTimes(0);
    chooseClocks('server');
    expect(told).toHaveBeenCalledTimes(1);
    learnServerZone(NEW_YORK);
    chooseClocks('server');
    expect(told).toHaveBeenCalledTimes(1);
    learnServerZone(BERLIN);
    expect(told).toHaveBeenCalledTimes(2);
    i18next.off(CLOCKS_CHANGED, told);
  });

  it('are named where a time is shown', () => {
    const winter = Date.UTC(2026, 10, 25, 12);
    expect(offsetTail(winter)).toBe('');
    serverIn(BERLIN);
    expect(zoneText(winter)).toBe('Europe/Berlin, GMT+1');
    expect(zoneText(Date.UTC(2026, 6, 1))).toBe('Europe/Berlin, GMT+2');
    expect(clockTime(winter) + offsetTail(winter)).toBe('13:00:00 GMT+1');
    expect(preciseTime(winter)).toContain('13:00:00');
    expect(preciseTime(winter)).toMatch(/GMT\+1|CET|MEZ/);
  });
});

for (const zone of [BERLIN, NEW_YORK] as const) {
  describe(`times of ${zone}, read in a browser of UTC`, () => {
    beforeEach(() => serverIn(zone));
    const back = SET_BACK[zone];
    const forward = SET_FORWARD[zone];

    it('are typed as they are shown, all hours of a year but the second of two that look alike', () => {
      const from = Date.UTC(2026, 0, 1);
      const wrong: number[] = [];
      for (let moment = from; moment < from + 365 * 24 * HOUR; moment += HOUR / 2) {
        if (dateTimeOf(dateTimeText(moment)) !== moment) {
          wrong.push(moment);
        }
      }
      expect(wrong).toEqual([back, back + HOUR / 2]);
    });

    it('of the hour that clocks leave out are as much later', () => {
      const [before, after] = [dateTimeText(forward - 1000), dateTimeText(forward)];
      expect([before.slice(11), after.slice(11)]).toEqual(['01:59:59', '03:00:00']);
      expect(dateTimeOf(`${before.slice(0, 10)} 02:30:00`)).toBe(forward + HOUR / 2);
    });

    it('have days of 23 and 25 hours in the calendar', () => {
      const lengths = (atMs: number) => {
        const [year, month] = dateTimeText(atMs).split('-').map(Number);
        const days = daysOf({ year: year ?? 0, month: (month ?? 0) - 1 }, []);
        const { from, to } = rangeOfMonth({ year: year ?? 0, month: (month ?? 0) - 1 });
        expect([days[0]?.from, days.at(-1)?.to]).toEqual([from, to]);
        return days.filter((day) => day.to - day.from !== 24 * HOUR).map((day) => (day.to - day.from) / HOUR);
      };
      expect(lengths(forward)).toEqual([23]);
      expect(lengths(back)).toEqual([25]);
    });

    it('stand at midnights and whole hours on the timeline, the hour that comes twice twice', () => {
      const [year = 0, month = 0, day = 0] = dateTimeText(back).slice(0, 10).split('-').map(Number);
      const from = midnight(year, month - 1, day);
      const to = midnight(year, month - 1, day + 1);
      expect(to - from).toBe(25 * HOUR);
      const { stepMs, ticks } = ticksFor({ from, to }, 2600, 80);
      expect(stepMs).toBe(HOUR);
      const shown = ticks.map(({ utcMs }) => dateTimeText(utcMs).slice(11, 16));
      expect(shown).toHaveLength(26);
      expect(shown.filter((time) => time === dateTimeText(back).slice(11, 16))).toHaveLength(2);
      expect(ticks.filter(({ major }) => major).map(({ utcMs }) => utcMs)).toEqual([from, to]);
    });

    it('step by days at the same time of day, and by hours that pass', () => {
      const noonBefore = momentOfWall(Date.UTC(2026, 9, 24, 12)) + (zone === BERLIN ? 0 : 7 * 24 * HOUR);
      const noonAfter = steppedTime(noonBefore, 10, 1);
      expect(dateTimeText(noonAfter).slice(11)).toBe('12:00:00');
      expect(noonAfter - noonBefore).toBe(25 * HOUR);
      expect(steppedTime(noonBefore, 12, 24) - noonBefore).toBe(24 * HOUR);
    });

    it('differ from UTC as they did at that moment', () => {
      const winter = zone === BERLIN ? 1 : -5;
      expect(offsetMs(back)).toBe(winter * HOUR);
      expect(offsetMs(back - 1)).toBe((winter + 1) * HOUR);
    });
  });
}
