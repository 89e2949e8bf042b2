// SPDX-License-Identifier: Apache-2.0

/** Doubling delay with jitter, so that many clients of a restarted server do not come back in step. */
export function backoffMs(attempt: number, minMs: number, maxMs: number, random = Math.random): number {
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 20));
  return ceiling / 2 + (random() * ceiling) / 2;
}
