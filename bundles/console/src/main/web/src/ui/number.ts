// SPDX-License-Identifier: Apache-2.0
import { locale } from '../i18n';

/** "1,234.5", as it is written where the browser is. */
export const number = (value: number, options?: Intl.NumberFormatOptions) =>
  new Intl.NumberFormat(locale(), options).format(value);

const TENTHS = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/** "0.4", or "0,4". */
export const tenths = (value: number) => number(value, TENTHS);
