// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { dateTimeOf, dateTimeText } from './time';

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
