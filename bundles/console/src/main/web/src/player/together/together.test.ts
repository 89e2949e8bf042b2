// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Hole } from '../archive/locate';
import type { PlayerPhase } from '../types';
import { type Followed, Follower } from './follower';
import { SyncClock } from './syncClock';
import { SyncGroup } from './syncGroup';

const FRAME_MS = 40;
const TICK_MS = 30;
const NEWEST = 10_000_000;

/** Time that goes on only when a test says so. */
class Time {
  ms = 0;
  readonly now = () => this.ms;
}

/** Footage of one camera in stretches, played by a video that runs a little wrong and takes its time to find a picture. */
class Video implements Followed {
  readonly asked: number[] = [];
  phase: PlayerPhase = 'idle';
  /** Plays nothing, but shows one picture after the other. */
  onlyStills = false;
  private atMs = 0;
  private running = false;
  private rate = 1;
  private pending: { at: number; done: () => void } | undefined;

  constructor(
    private readonly stretches: [number, number][],
    private readonly costMs: number,
    /** 1.02: two seconds in a hundred too fast. */
    private readonly wrong = 1,
  ) {}

  showAt(utcMs: number): Promise<Hole | undefined> {
    this.asked.push(utcMs);
    this.running = false;
    return new Promise((resolve) => {
      this.pending = {
        at: this.costMs,
        done: () => {
          const inside = this.stretches.find(([from, to]) => utcMs >= from && utcMs < to);
          if (inside) {
            this.phase = 'paused';
            this.atMs = inside[0] + Math.floor((utcMs - inside[0]) / FRAME_MS) * FRAME_MS;
            resolve(undefined);
          } else {
            this.phase = 'no-footage';
            resolve({
              fromMs: this.stretches.filter(([, to]) => to <= utcMs).at(-1)?.[1],
              toMs: this.stretches.find(([from]) => from > utcMs)?.[0],
            });
          }
        },
      };
    });
  }

  skims(): boolean {
    return this.onlyStills;
  }

  setRate(rate: number): void {
    this.rate = rate;
  }

  nudge(rate: number): void {
    this.rate = rate;
  }

  play(): void {
    this.running = true;
  }

  pause(): void {
    this.running = false;
  }

  playhead(): number {
    return this.atMs;
  }

  state() {
    return { phase: this.phase };
  }

  /** Whether the picture stands for a moment, as a viewer sees it. */
  shows(): boolean {
    return this.phase === 'paused';
  }

  pass(ms: number): void {
    if (this.pending) {
      this.pending.at -= ms;
      if (this.pending.at <= 0) {
        const { done } = this.pending;
        this.pending = undefined;
        done();
      }
    }
    if (this.running) {
      const end = this.stretches.find(([from, to]) => this.atMs >= from && this.atMs < to)?.[1] ?? this.atMs;
      this.atMs = Math.min(end - 1, this.atMs + ms * this.rate * this.wrong);
    }
  }
}

/** Runs followers as the group does, for some time. */
async function run(time: Time, videos: Video[], followers: Follower[], ms: number, each?: () => void) {
  for (const end = time.ms + ms; time.ms < end; ) {
    time.ms += TICK_MS;
    for (const video of videos) {
      video.pass(TICK_MS);
    }
    // What was awaited is answered before the next look.
    await Promise.resolve();
    await Promise.resolve();
    for (const follower of followers) {
      follower.tick();
    }
    each?.();
  }
}

function scene(startMs: number, videos: Video[]) {
  const time = new Time();
  const clock = new SyncClock(startMs, () => NEWEST, time.now);
  const followers = videos.map((video) => new Follower(video, clock, time.now));
  return { time, clock, followers };
}

describe('the common clock', () => {
  it('goes at its speed both ways, stands still, and is moved', () => {
    const time = new Time();
    const clock = new SyncClock(1_000, () => NEWEST, time.now);
    time.ms += 500;
    expect(clock.position()).toBe(1_000);
    clock.run(2);
    time.ms += 500;
    expect(clock.position()).toBe(2_000);
    clock.run(-1);
    time.ms += 1_500;
    expect(clock.position()).toBe(500);
    time.ms += 5_000;
    expect(clock.position()).toBe(0);
    clock.seek(70_000);
    clock.run(0);
    time.ms += 1_000;
    expect(clock.state()).toEqual({ positionMs: 70_000, speed: 0 });
  });

  it('never goes beyond the newest footage, and stays there at the speed that grows', () => {
    const time = new Time();
    const clock = new SyncClock(0, () => 10_000 + time.ms, time.now);
    clock.run(16);
    time.ms += 2_000;
    expect(clock.position()).toBe(12_000);
    expect(clock.rate()).toBe(1);
    expect(clock.wanted()).toBe(16);
    time.ms += 3_000;
    expect(clock.position()).toBe(15_000);
    clock.seek(99_000_000);
    expect(clock.position()).toBe(15_000);
  });

  it('says when it was moved or stopped, so that everybody shows that very moment', () => {
    const clock = new SyncClock(
      0,
      () => NEWEST,
      () => 0,
    );
    const told = vi.fn();
    clock.subscribe(told);
    const first = clock.jump();
    clock.run(1);
    expect(clock.jump()).toBe(first);
    clock.run(0);
    expect(clock.jump()).toBe(first + 1);
    clock.seek(5);
    expect(clock.jump()).toBe(first + 2);
    expect(told).toHaveBeenCalledTimes(3);
  });
});

describe('cameras on one clock', () => {
  it('show the same moment, however slow one is and however wrong another runs', async () => {
    const videos = [
      new Video([[0, 900_000]], 30),
      new Video([[0, 900_000]], 420, 1.03),
      new Video([[0, 900_000]], 90, 0.97),
    ];
    for (const rate of [0.5, 1, 4]) {
      const { time, clock, followers } = scene(100_000, videos);
      await run(time, videos, followers, 1_000);
      expect(videos.map((video) => video.playhead())).toEqual([100_000, 100_000, 100_000]);
      clock.run(rate);
      await run(time, videos, followers, 4_000);
      let worst = 0;
      await run(time, videos, followers, 10_000, () => {
        const heads = videos.map((video) => video.playhead());
        worst = Math.max(worst, Math.max(...heads) - Math.min(...heads));
      });
      expect(worst).toBeLessThanOrEqual(FRAME_MS * Math.max(1, rate));
      clock.run(0);
      await run(time, videos, followers, 1_000);
      const standing = videos.map((video) => video.playhead());
      expect(new Set(standing).size).toBe(1);
      expect(clock.position() - (standing[0] ?? 0)).toBeLessThan(FRAME_MS);
    }
  });

  it('go on where one of them has a gap, and that one is with them again behind it', async () => {
    const whole = new Video([[0, 900_000]], 30);
    const broken = new Video(
      [
        [0, 103_000],
        [110_000, 900_000],
      ],
      200,
    );
    const videos = [whole, broken];
    const { time, clock, followers } = scene(100_000, videos);
    await run(time, videos, followers, 600);
    clock.run(1);
    await run(time, videos, followers, 6_000);
    expect(clock.position()).toBeGreaterThan(105_500);
    expect(Math.abs(whole.playhead() - clock.position())).toBeLessThan(FRAME_MS);
    expect(broken.shows()).toBe(false);
    const asked = broken.asked.length;
    await run(time, videos, followers, 2_000);
    expect(broken.asked).toHaveLength(asked);
    await run(time, videos, followers, 4_000);
    expect(broken.shows()).toBe(true);
    expect(Math.abs(broken.playhead() - whole.playhead())).toBeLessThanOrEqual(FRAME_MS);
  });

  it('that can but show pictures follow a fast clock from one to the next', async () => {
    const slow = new Video([[0, 900_000]], 60);
    slow.onlyStills = true;
    const { time, clock, followers } = scene(100_000, [slow]);
    await run(time, [slow], followers, 600);
    clock.run(16);
    await run(time, [slow], followers, 1_000);
    let worst = 0;
    await run(time, [slow], followers, 5_000, () => {
      worst = Math.max(worst, Math.abs(slow.playhead() - clock.position()));
    });
    // The clock goes on from look to look.
    expect(Math.abs(clock.position() - (100_000 + 6_000 * 16))).toBeLessThanOrEqual(2 * TICK_MS * 16);
    // What it takes to have a picture, at that speed, and a look or two.
    expect(worst).toBeLessThan(16 * (2 * 60 + 4 * TICK_MS));
    clock.run(0);
    await run(time, [slow], followers, 600);
    expect(clock.position() - slow.playhead()).toBeLessThan(FRAME_MS);
  });

  it('go back together, and wait for one whose footage ends earlier', async () => {
    const whole = new Video([[0, 900_000]], 30);
    const late = new Video([[0, 98_000]], 60);
    const videos = [whole, late];
    const { time, clock, followers } = scene(100_000, videos);
    await run(time, videos, followers, 600);
    expect(late.shows()).toBe(false);
    clock.run(-2);
    await run(time, videos, followers, 3_000);
    expect(late.shows()).toBe(true);
    for (const video of videos) {
      // The picture was asked for one look and its own cost ago.
      expect(Math.abs(video.playhead() - clock.position())).toBeLessThan(2 * (60 + 3 * TICK_MS) + FRAME_MS);
    }
  });
});

describe('a group', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const without = (hole: Hole): Followed => ({
    showAt: () => Promise.resolve(hole),
    skims: () => false,
    setRate: () => undefined,
    play: () => undefined,
    pause: () => undefined,
    nudge: () => undefined,
    playhead: () => 0,
    state: () => ({ phase: 'no-footage' }),
  });

  it('goes on to the next footage when no camera has any, and says what it left out', async () => {
    const skips: number[][] = [];
    const clock = new SyncClock(20_000, () => NEWEST);
    const group = new SyncGroup(clock, ({ fromMs, toMs }) => skips.push([fromMs, toMs]));
    const leave = [without({ toMs: 90_000 }), without({ toMs: 60_000 })].map((player) => group.join(player));
    await vi.advanceTimersByTimeAsync(200);
    expect(skips).toEqual([]);
    clock.run(1);
    await vi.advanceTimersByTimeAsync(31);
    expect(skips[0]?.[1]).toBe(60_000);
    expect(clock.position()).toBeGreaterThanOrEqual(60_000);
    for (const one of leave) {
      one();
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stops where nothing is earlier', async () => {
    const clock = new SyncClock(20_000, () => NEWEST);
    const group = new SyncGroup(clock, () => expect.unreachable());
    const leave = group.join(without({ toMs: 60_000 }));
    await vi.advanceTimersByTimeAsync(100);
    clock.run(-1);
    await vi.advanceTimersByTimeAsync(60);
    expect(clock.wanted()).toBe(0);
    leave();
  });
});
