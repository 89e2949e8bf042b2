// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it } from 'vitest';
import { setLanguage } from '../../i18n';
import { daysText } from './daysText';

describe('how long footage lasts', () => {
  afterEach(async () => {
    await setLanguage('en');
  });

  it.each([
    [0, '0 days'],
    [0.0006, '0 minutes'],
    [40 / 1440, '40 minutes'],
    [1 / 24, '1 hour'],
    [0.33, '7 hours'],
    [1, '1 day'],
    [2.59, '2.5 days'],
    [12.9, '12 days'],
  ])('is never said to be more than it is: %d', (days, said) => {
    expect(daysText(days)).toBe(said);
  });

  it('is said in the language of the page', async () => {
    await setLanguage('de');
    expect(daysText(7 / 24)).toBe('7 Stunden');
    expect(daysText(2.5)).toBe('2,5 Tage');
  });
});
