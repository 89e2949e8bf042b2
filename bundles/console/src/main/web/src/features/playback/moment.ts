// SPDX-License-Identifier: Apache-2.0

/** The moment in an address, if there is one. */
export function momentOf(text: string | null): number | undefined {
  const ms = text === null ? Number.NaN : new Date(text).getTime();
  return Number.isFinite(ms) ? ms : undefined;
}
