// SPDX-License-Identifier: Apache-2.0
import type { EventKind } from '../../api/types';

/** As HTTP has it for names (RFC 9110 5.6.2). */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** "Name: value", one a line; empty lines do not count. Nothing when a line is no header. */
export function headersOf(text: string): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    const value = line.slice(colon + 1).trim();
    if (colon < 0 || !NAME.test(name) || value === '') {
      return undefined;
    }
    headers[name] = value;
  }
  return headers;
}

/** "camera.*" for each group of kinds with more than one in it. */
export function familiesOf(kinds: EventKind[]): string[] {
  const counts = new Map<string, number>();
  for (const { kind } of kinds) {
    const family = `${kind.split('.')[0]}.*`;
    counts.set(family, (counts.get(family) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([family]) => family);
}
