// SPDX-License-Identifier: Apache-2.0
import { PacedRun } from './pacedRun';

export interface Backwards {
  /** Shows the last picture at or before a moment. {@return when that was taken; the present one's when there is none earlier} */
  show(utcMs: number): Promise<number>;
  /** A stretch without footage was left out. */
  skipped(fromMs: number, toMs: number): void;
  /** There is nothing earlier. */
  beginning(): void;
}

/** Between two pictures at least: more than a screen shows is not asked for. */
const PICTURE_MS = 30;
/** A picture that much older than the moment asked for stands before a gap. */
const GAP_MS = 1_500;

/**
 * Goes back in time by showing one earlier picture after the other. What is shown follows the clock: where pictures come
 * slower, there are fewer of them, at the same speed.
 */
export class ReverseRun extends PacedRun {
  constructor(
    private readonly player: Backwards,
    now?: () => number,
    pause?: (ms: number) => Promise<void>,
  ) {
    super(now, pause);
  }

  protected async run(wanted: () => boolean, fromMs: number, speed: number): Promise<void> {
    let shownMs = fromMs;
    let baseMs = fromMs;
    let sinceMs = this.now();
    while (wanted()) {
      const target = baseMs - speed * (this.now() - sinceMs);
      if (target < shownMs) {
        const next = await this.player.show(target);
        if (!wanted()) {
          return;
        }
        if (next >= shownMs) {
          this.end();
          this.player.beginning();
          return;
        }
        if (target - next > GAP_MS) {
          this.player.skipped(shownMs, next);
          baseMs = next;
          sinceMs = this.now();
        }
        shownMs = next;
      }
      await this.pause(PICTURE_MS);
    }
  }
}

/**
 * How much before a moment is loaded with it. Slowly, what comes next is there already; fast, each picture is far from
 * the one before, and its own group of pictures is enough.
 */
export const leadMs = (speed: number): number => (speed <= 2 ? 4_000 * speed : 0);
