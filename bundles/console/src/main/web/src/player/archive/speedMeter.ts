// SPDX-License-Identifier: Apache-2.0

const RENEW_MS = 2_000;

/** How fast footage really goes by, over some seconds. */
export class SpeedMeter {
  private atMs = 0;
  private positionMs = 0;
  private speed = 1;

  value(): number {
    return this.speed;
  }

  /** What counts until it is measured, from now on. */
  restart(speed = this.speed): void {
    this.atMs = 0;
    this.speed = speed;
  }

  add(positionMs: number, nowMs: number): void {
    const elapsed = nowMs - this.atMs;
    if (this.atMs === 0) {
      this.atMs = nowMs;
      this.positionMs = positionMs;
    } else if (elapsed > RENEW_MS) {
      this.speed = (positionMs - this.positionMs) / elapsed;
      this.atMs = nowMs;
      this.positionMs = positionMs;
    }
  }
}
