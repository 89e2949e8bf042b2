// SPDX-License-Identifier: Apache-2.0

const RENEW_MS = 2_000;
/** Who goes so much further at once has gone to another moment: of one second at the usual speed. */
const JUMP_MS = 3_000;

/** How fast footage really goes by, over some seconds. */
export class SpeedMeter {
  private atMs = 0;
  private positionMs = 0;
  private speed = 1;
  private driven = 0;

  value(): number {
    return this.speed;
  }

  /** What counts until it is measured, from now on. */
  restart(speed = this.speed): void {
    this.atMs = 0;
    this.speed = speed;
  }

  /** Of a player that is told each moment: where it goes next, from where it is, and how fast it is to go. */
  goes(fromMs: number, toMs: number, rate: number): void {
    if (rate !== this.driven || Math.abs(toMs - fromMs) > JUMP_MS * Math.max(1, Math.abs(rate))) {
      this.driven = rate;
      this.restart(rate || 1);
    }
  }

  /** Whether it is told each moment, to go on from there. */
  isDriven(): boolean {
    return this.driven !== 0;
  }

  /** It goes by itself, or not at all. */
  released(): void {
    this.driven = 0;
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
