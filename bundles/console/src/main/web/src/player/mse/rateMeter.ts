// SPDX-License-Identifier: Apache-2.0

/** Sum of amounts over a sliding window, as a rate per second. */
export class RateMeter {
  private readonly samples: { atMs: number; amount: number }[] = [];
  private sum = 0;

  constructor(private readonly windowMs = 3_000) {}

  add(amount: number, atMs: number): void {
    this.samples.push({ atMs, amount });
    this.sum += amount;
    this.trim(atMs);
  }

  perSecond(nowMs: number): number {
    this.trim(nowMs);
    const first = this.samples[0];
    if (!first) {
      return 0;
    }
    const spanMs = Math.min(this.windowMs, Math.max(500, nowMs - first.atMs));
    return (this.sum * 1000) / spanMs;
  }

  reset(): void {
    this.samples.length = 0;
    this.sum = 0;
  }

  private trim(nowMs: number): void {
    while (this.samples[0] && this.samples[0].atMs < nowMs - this.windowMs) {
      this.sum -= this.samples.shift()?.amount ?? 0;
    }
  }
}
