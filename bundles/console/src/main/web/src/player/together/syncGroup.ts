// SPDX-License-Identifier: Apache-2.0
import type { SkipNotice } from '../archive/film';
import { type Followed, Follower } from './follower';
import type { SyncClock } from './syncClock';

const TICK_MS = 30;
/** A shorter stretch without footage of any camera is waited for. */
const SKIP_MS = 1_000;

/** Several cameras that follow one clock. Where one has nothing, the others go on; where none has, the clock goes on to the next. */
export class SyncGroup {
  private readonly followers = new Set<Follower>();
  private timer: ReturnType<typeof setInterval> | undefined;
  private unsubscribe = () => {};

  constructor(
    readonly clock: SyncClock,
    private readonly onSkip: (notice: SkipNotice) => void,
  ) {}

  /** Others go by the clock too, and may have footage where these cameras have none: then it runs on. */
  shared = false;

  /** {@return to be called when it leaves} */
  join(player: Followed): () => void {
    const follower = new Follower(player, this.clock);
    this.followers.add(follower);
    if (this.timer === undefined) {
      this.timer = setInterval(() => this.tick(), TICK_MS);
      // Who moves it does not wait for the next look.
      this.unsubscribe = this.clock.subscribe(() => this.tick());
    }
    return () => {
      this.followers.delete(follower);
      if (this.followers.size === 0) {
        clearInterval(this.timer);
        this.timer = undefined;
        this.unsubscribe();
      }
    };
  }

  private tick(): void {
    for (const follower of this.followers) {
      follower.tick();
    }
    const holes = [...this.followers].map((follower) => follower.gap());
    const speed = this.clock.wanted();
    if (speed === 0 || this.shared || holes.some((hole) => hole === undefined)) {
      return;
    }
    const at = this.clock.position();
    if (speed > 0) {
      const next = Math.min(...holes.map((hole) => hole?.toMs ?? Number.POSITIVE_INFINITY));
      if (Number.isFinite(next) && next - at > SKIP_MS) {
        this.skip(at, next);
      }
      return;
    }
    const next = Math.max(...holes.map((hole) => hole?.fromMs ?? Number.NEGATIVE_INFINITY));
    if (!Number.isFinite(next)) {
      this.clock.run(0);
    } else if (at - next > SKIP_MS) {
      this.skip(at, next - 1);
    }
  }

  private skip(fromMs: number, toMs: number): void {
    this.clock.seek(toMs);
    this.onSkip({ fromMs, toMs });
  }
}
