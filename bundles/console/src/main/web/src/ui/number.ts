// SPDX-License-Identifier: Apache-2.0
import { locale } from '../i18n';

/** "1,234.5", as it is written where the browser is. */
export const number = (value: number, options?: Intl.NumberFormatOptions) =>
  new Intl.NumberFormat(locale(), options).format(value);

const TENTHS = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/** "0.4", or "0,4". */
export const tenths = (value: number) => number(value, TENTHS);

/** What stands between the whole and its parts: "." or ",". */
export const decimalMark = (): string =>
  new Intl.NumberFormat(locale()).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';
