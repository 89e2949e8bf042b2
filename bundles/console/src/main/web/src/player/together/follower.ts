// SPDX-License-Identifier: Apache-2.0
import type { Hole } from '../archive/locate';
import type { PlayerState } from '../types';
import type { SyncClock } from './syncClock';

/** A player that does not decide itself which moment it shows. */
export interface Followed {
  /**
   * Shows a moment's picture and stands still; where none is recorded, says from when to when.
   *
   * @param rate how fast it will be played from there; below 0 backwards, 0 when it stays there
   */
  showAt(utcMs: number, rate: number): Promise<Hole | undefined>;
  /** Whether at that speed it can but show one picture after the other. */
  skims(rate: number): boolean;
  setRate(rate: number): void;
  play(): void;
  pause(): void;
  nudge(rate: number): void;
  playhead(): number;
  state(): Pick<PlayerState, 'phase'>;
}

/** So far from the clock, in time as it passes for the viewer, nothing is corrected. */
const EXACT_MS = 8;
/** So far from it, changing the speed would take too long. */
const LOST_MS = 500;
/** A camera that is ahead waits, unless for longer than this. */
const AHEAD_MAX_MS = 5_000;
/** A correction is done in this time, but never by more than the share below. */
const CORRECTED_IN_MS = 400;
const NUDGE_MAX = 0.15;
/** Asked again where nothing was recorded yet, or reading failed. */
const AGAIN_MS = 4_000;
const COST_FIRST_MS = 250;
const COST_MAX_MS = 3_000;

/** Keeps one camera at the clock: by a little more or less speed, or by going where the clock is. */
export class Follower {
  private seen = -1;
  private busy = false;
  private running = false;
  private playedAt = 0;
  private hole: Hole | undefined;
  private againMs = 0;
  private lostUntilMs = 0;
  private costMs = COST_FIRST_MS;
  private shownFor = Number.POSITIVE_INFINITY;

  constructor(
    private readonly player: Followed,
    private readonly clock: SyncClock,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Where nothing is recorded while the clock is there. */
  gap(): Hole | undefined {
    return this.busy ? undefined : this.hole;
  }

  /** Looks where the clock is; to be called often. */
  tick(): void {
    if (this.busy) {
      return;
    }
    const at = this.clock.position();
    const rate = this.clock.rate();
    if (this.seen !== this.clock.jump()) {
      this.seen = this.clock.jump();
      this.go(at, 0);
    } else if (this.hole) {
      this.wait(this.hole, at, rate);
    } else if (this.againMs > 0) {
      this.retry(at, rate);
    } else if (rate > 0 && !this.player.skims(rate)) {
      this.forwards(at, rate);
    } else {
      this.stand();
      if (rate < 0 ? at < this.shownFor : rate > 0) {
        this.go(at, rate);
      }
    }
  }

  private wait(hole: Hole, at: number, rate: number): void {
    const before = hole.fromMs !== undefined && at < hole.fromMs;
    const behind = hole.toMs !== undefined && at >= hole.toMs;
    // Whether something was recorded meanwhile.
    const again = hole.toMs === undefined && this.now() >= this.againMs;
    if (before || behind || again) {
      this.go(at, rate);
    }
  }

  private retry(at: number, rate: number): void {
    if (this.now() >= this.againMs) {
      this.go(at, rate);
    }
  }

  private forwards(at: number, rate: number): void {
    // In time as it passes for the viewer.
    const late = (at - this.player.playhead()) / Math.max(1, rate);
    if (late > LOST_MS) {
      if (this.now() >= this.lostUntilMs) {
        this.go(at, rate);
      }
    } else if (late < -AHEAD_MAX_MS) {
      this.go(at, 0);
    } else if (late < (this.running ? -LOST_MS : -EXACT_MS)) {
      this.stand();
    } else if (!this.running || this.playedAt !== rate) {
      this.running = true;
      this.playedAt = rate;
      this.player.setRate(rate);
      this.player.play();
    } else {
      const share = Math.max(-NUDGE_MAX, Math.min(NUDGE_MAX, late / CORRECTED_IN_MS));
      this.player.nudge(rate * (Math.abs(late) < EXACT_MS ? 1 : 1 + share));
    }
  }

  private stand(): void {
    if (this.running) {
      this.running = false;
      this.player.pause();
    }
  }

  /** @param rate how fast the clock goes on meanwhile; forwards the picture is got for where it will be then */
  private go(at: number, rate: number): void {
    this.busy = true;
    this.running = false;
    this.hole = undefined;
    this.againMs = 0;
    const target = rate > 0 ? at + this.costMs * rate : at;
    const begun = this.now();
    const shown = (hole: Hole | undefined) => {
      const cost = this.now() - begun;
      this.costMs = Math.min(COST_MAX_MS, (this.costMs + cost) / 2);
      // What was got is looked at before the next is asked for, however far behind it is.
      this.lostUntilMs = this.now() + 2 * this.costMs;
      this.shownFor = target;
      this.hole = hole;
      const { phase } = this.player.state();
      const failed = phase === 'offline' || phase === 'unsupported';
      this.againMs = failed || hole ? this.now() + AGAIN_MS : 0;
      this.busy = false;
    };
    this.player.showAt(target, this.clock.rate()).then(shown, () => shown(undefined));
  }
}
