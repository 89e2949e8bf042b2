// SPDX-License-Identifier: Apache-2.0
import { PacedRun } from './pacedRun';

/** A picture that stands for a stretch of footage. */
export interface Skimmed {
  fromMs: number;
  untilMs: number;
}

export interface Forwards {
  /** Shows the last key frame at or before a moment, or the next behind a gap. {@return nothing when that is wanted no more} */
  show(utcMs: number): Promise<Skimmed | undefined>;
  /** A stretch without footage was left out. */
  skipped(fromMs: number, toMs: number): void;
}

const TICK_MS = 30;
/** At the newest footage, until it is asked whether there is more. */
const HELD_MS = 500;
/** A picture that much later than the moment asked for stands behind a gap. */
const GAP_MS = 1_500;

/**
 * Runs forwards from key frame to key frame, where the machine cannot decode what lies between as fast as that. What is
 * shown follows the clock.
 */
export class SkimRun extends PacedRun {
  constructor(
    private readonly player: Forwards,
    now?: () => number,
    pause?: (ms: number) => Promise<void>,
  ) {
    super(now, pause);
  }

  protected async run(wanted: () => boolean, fromMs: number, speed: number): Promise<void> {
    let baseMs = fromMs;
    let sinceMs = this.now();
    let shown: Skimmed = { fromMs, untilMs: fromMs };
    while (wanted()) {
      let pauseMs = TICK_MS;
      const target = baseMs + speed * (this.now() - sinceMs);
      if (target >= shown.untilMs) {
        const next = await this.player.show(target);
        if (!wanted()) {
          return;
        }
        if (next && next.fromMs - target > GAP_MS) {
          this.player.skipped(shown.untilMs, next.fromMs);
        }
        // Behind a gap it goes on from its end; at the newest footage no faster than that grows.
        const there = next && Math.max(next.fromMs, Math.min(target, next.untilMs));
        if (next && there !== undefined && there !== target) {
          baseMs = there;
          sinceMs = this.now();
          pauseMs = there < target ? HELD_MS : TICK_MS;
        }
        shown = next ?? shown;
      }
      await this.pause(pauseMs);
    }
  }
}
