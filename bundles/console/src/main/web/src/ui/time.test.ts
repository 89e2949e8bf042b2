// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest';
import { setLanguage } from '../i18n';
import { dateTime, dateTimeOf, dateTimeText, steppedTime } from './time';

describe('a date', () => {
  const moment = Date.UTC(2026, 10, 25, 12);
  const at = async (language: string, ...browser: string[]) => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(browser);
    vi.spyOn(navigator, 'language', 'get').mockReturnValue(browser[0] ?? '');
    await setLanguage(language);
    return dateTime(moment, 'UTC').slice(0, 10);
  };
  afterEach(async () => {
    vi.restoreAllMocks();
    await setLanguage('en');
  });

  it('is written as where the browser is, in the language of the console', async () => {
    expect(await at('en', 'en-US')).toBe('11/25/2026');
    expect(await at('en', 'fr', 'en-GB', 'en')).toBe('25/11/2026');
    expect(await at('en', 'de-DE')).toBe('25/11/2026');
    expect(await at('de', 'en-US')).toBe('25.11.2026');
  });
});

describe('a typed moment', () => {
  it('is read as it is shown', () => {
    const moment = new Date(2026, 10, 25, 22, 4, 36).getTime();
    expect(dateTimeText(moment)).toBe('2026-11-25 22:04:36');
    expect(dateTimeOf(dateTimeText(moment))).toBe(moment);
  });

  it('may leave out seconds or the time', () => {
    expect(dateTimeOf('2026-11-25 07:30')).toBe(new Date(2026, 10, 25, 7, 30).getTime());
    expect(dateTimeOf(' 2026-1-5 ')).toBe(new Date(2026, 0, 5).getTime());
    expect(dateTimeOf('2026-11-25T22:04:36')).toBe(new Date(2026, 10, 25, 22, 4, 36).getTime());
  });

  it('that does not exist is none', () => {
    for (const text of [
      '',
      'yesterday',
      '2026-02-30 10:00',
      '2026-13-01',
      '2026-11-25 24:00',
      '11/25/2026 10:04 PM',
    ]) {
      expect({ text, moment: dateTimeOf(text) }).toEqual({ text, moment: undefined });
    }
  });
});

describe('a moment that is stepped', () => {
  const at = (text: string) => dateTimeOf(text) ?? Number.NaN;
  const stepped = (text: string, caret: number, by: number) => dateTimeText(steppedTime(at(text), caret, by));

  it('changes the part at the caret', () => {
    expect(stepped('2026-01-31 23:59:58', 2, 1)).toBe('2027-01-31 23:59:58');
    expect(stepped('2026-01-31 23:59:58', 6, 1)).toBe('2026-02-28 23:59:58');
    expect(stepped('2026-01-31 23:59:58', 10, 1)).toBe('2026-02-01 23:59:58');
    expect(stepped('2026-01-31 23:59:58', 11, -1)).toBe('2026-01-31 22:59:58');
    expect(stepped('2026-01-31 23:59:58', 16, 1)).toBe('2026-02-01 00:00:58');
    expect(stepped('2026-01-31 23:59:58', 19, 2)).toBe('2026-02-01 00:00:00');
  });

  it('comes through an hour of time at each step of the hour, also where the clocks are set back', () => {
    const before = at('2026-10-24 22:30:00');
    for (let hours = 1; hours <= 8; hours++) {
      expect(steppedTime(before, 12, hours) - before).toBe(hours * 3_600_000);
    }
  });
});
