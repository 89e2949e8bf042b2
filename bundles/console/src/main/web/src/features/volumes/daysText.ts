// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import { number } from '../../ui/number';

const EXACT_TO_DAYS = 10;

/** "2.5 days", "12 days": rounded down, since less is promised rather than more. */
export function daysText(days: number): string {
  const step = days < EXACT_TO_DAYS ? 10 : 1;
  // What is a whole number but for the computer's last digit is that number.
  const shown = Math.floor(days * step + 1e-4) / step;
  return i18next.t('outlook.dayCount', { count: shown, days: number(shown) });
}
