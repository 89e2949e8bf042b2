// SPDX-License-Identifier: Apache-2.0
import { number, tenths } from './number';

/** "3.2 GiB", or "3,2 GiB". */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 1024 && unit < units.length - 1) {
    scaled /= 1024;
    unit++;
  }
  return `${unit === 0 ? number(scaled) : tenths(scaled)} ${units[unit]}`;
}
