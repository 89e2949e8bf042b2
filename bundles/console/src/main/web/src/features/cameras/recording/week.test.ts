// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { FIRST_WEEK, painted, spansOf, weekOf } from './week';

describe('week', () => {
  it('becomes few spans: neighbouring hours are one, days alike share it', () => {
    expect(spansOf(FIRST_WEEK)).toEqual([
      { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '00:00', to: '08:00', mode: 'event' },
      { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00', mode: 'continuous' },
      { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '18:00', to: '24:00', mode: 'event' },
      { days: ['sat', 'sun'], from: '00:00', to: '24:00', mode: 'event' },
    ]);
  });

  it('comes back from its spans', () => {
    const week = painted(FIRST_WEEK, { day: 6, hour: 20 }, { day: 2, hour: 3 }, 'off');
    expect(weekOf({ timeZone: 'UTC', spans: spansOf(week) })).toEqual(week);
  });

  it('shows an hour that is covered in part, and always before on event', () => {
    const week = weekOf({
      timeZone: 'UTC',
      spans: [
        { days: ['mon'], from: '08:30', to: '10:15', mode: 'continuous' },
        { days: ['mon'], from: '09:00', to: '12:00', mode: 'event' },
      ],
    });
    expect(week[0]?.slice(7, 13)).toEqual(['off', 'continuous', 'continuous', 'continuous', 'event', 'off']);
  });
});
