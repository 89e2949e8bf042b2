// SPDX-License-Identifier: Apache-2.0

/** In less than that a few pictures say nothing. */
const SPAN_MIN_MS = 500;

/** Amounts over a sliding window, as a rate per second. Each is what came since the one before it. */
export class RateMeter {
  /** From the one with which the window begins on; the amount of that one came before. */
  private readonly samples: { atMs: number; amount: number }[] = [];
  private sum = 0;

  constructor(private readonly windowMs = 3_000) {}

  add(amount: number, atMs: number): void {
    const last = this.samples[this.samples.length - 1];
    if (last && atMs - last.atMs > this.windowMs) {
      // Nothing came for long: it begins anew.
      this.reset();
    }
    if (this.samples.length > 0) {
      this.sum += amount;
    }
    this.samples.push({ atMs, amount });
    this.trim(atMs);
  }

  perSecond(nowMs: number): number {
    this.trim(nowMs);
    const first = this.samples[0];
    if (!first) {
      return 0;
    }
    return (this.sum * 1000) / Math.max(SPAN_MIN_MS, nowMs - first.atMs);
  }

  reset(): void {
    this.samples.length = 0;
    this.sum = 0;
  }

  private trim(nowMs: number): void {
    while (this.samples[1] && this.samples[1].atMs <= nowMs - this.windowMs) {
      this.samples.shift();
      this.sum -= this.samples[0]?.amount ?? 0;
    }
  }
}
