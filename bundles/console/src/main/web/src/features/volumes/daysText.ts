// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import { number } from '../../ui/number';

const EXACT_TO_DAYS = 10;
const HOURS_A_DAY = 24;
const MINUTES_A_DAY = 24 * 60;
/** What is a whole number but for the computer's last digit is that number. */
const LAST_DIGIT = 1e-4;

/** "2.5 days", "12 days", "7 hours", "40 minutes": rounded down, since less is promised rather than more. */
export function daysText(days: number): string {
  if (days > 0 && days + LAST_DIGIT < 1) {
    const hours = Math.floor(days * HOURS_A_DAY + LAST_DIGIT);
    return hours > 0 ? unit(hours, 'hour') : unit(Math.floor(days * MINUTES_A_DAY + LAST_DIGIT), 'minute');
  }
  const step = days < EXACT_TO_DAYS ? 10 : 1;
  const shown = Math.floor(days * step + LAST_DIGIT) / step;
  return i18next.t('outlook.dayCount', { count: shown, days: number(shown) });
}

const unit = (value: number, name: 'hour' | 'minute') =>
  number(value, { style: 'unit', unit: name, unitDisplay: 'long' });
