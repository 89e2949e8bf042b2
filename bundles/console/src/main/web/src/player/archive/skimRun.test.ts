// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { type Forwards, type Skimmed, SkimRun } from './skimRun';

const GROUP_MS = 2_000;

/** Footage in groups of two seconds in some stretches, and a clock that goes on only while somebody waits. */
class Scene implements Forwards {
  nowMs = 0;
  readonly shown: number[] = [];
  readonly skips: [number, number][] = [];
  private readonly run: SkimRun;

  constructor(
    private readonly stretches: [number, number][],
    private readonly showMs: number,
    private readonly untilMs: number,
    /** Of the newest footage, in ms a ms. */
    private readonly grows = 0,
  ) {
    this.run = new SkimRun(
      this,
      () => this.nowMs,
      async (ms) => this.spend(ms),
    );
  }

  async show(utcMs: number): Promise<Skimmed | undefined> {
    this.spend(this.showMs);
    const newest = (this.stretches.at(-1)?.[1] ?? 0) + this.grows * this.nowMs;
    const stretch =
      this.stretches.find(([from, to], n) => {
        const end = n === this.stretches.length - 1 ? newest : to;
        return utcMs < end && end > from;
      }) ?? (this.stretches.at(-1) as [number, number]);
    const end = stretch === this.stretches.at(-1) ? newest : stretch[1];
    const at = Math.max(stretch[0], Math.min(utcMs, end - 1));
    const fromMs = stretch[0] + Math.floor((at - stretch[0]) / GROUP_MS) * GROUP_MS;
    this.shown.push(fromMs);
    return { fromMs, untilMs: Math.min(end, fromMs + GROUP_MS) };
  }

  skipped(fromMs: number, toMs: number): void {
    this.skips.push([fromMs, toMs]);
  }

  async play(fromMs: number, speed: number): Promise<void> {
    this.run.begin(fromMs, speed);
    // Every wait in the run is one of these turns; it ends by the clock.
    for (let turn = 0; turn < 20_000 && this.run.isRunning(); turn++) {
      await Promise.resolve();
    }
    expect(this.run.isRunning()).toBe(false);
  }

  private spend(ms: number): void {
    this.nowMs += ms;
    if (this.nowMs >= this.untilMs) {
      this.run.end();
    }
  }
}

describe('running through footage', () => {
  it('keeps its speed, however long a key frame takes', async () => {
    for (const showMs of [5, 60, 400]) {
      const scene = new Scene([[0, 10_000_000]], showMs, 20_000);
      await scene.play(1_000, 16);
      const gone = (scene.shown.at(-1) ?? 0) - 1_000;
      // The last key frame is up to a group behind, and was asked for a picture's work and a look before.
      expect(gone).toBeGreaterThan(16 * (20_000 - 2 * showMs - 60) - GROUP_MS);
      expect(gone).toBeLessThanOrEqual(16 * 20_000);
      expect(scene.shown).toEqual([...new Set(scene.shown)].sort((a, b) => a - b));
    }
  });

  it('leaves out a gap, says so, and goes on behind it at its speed', async () => {
    const scene = new Scene(
      [
        [0, 20_000],
        [90_000, 900_000],
      ],
      10,
      3_000,
    );
    await scene.play(10_000, 8);
    expect(scene.skips).toEqual([[20_000, 90_000]]);
    const gone = 10_000 + ((scene.shown.at(-1) ?? 0) - 90_000);
    expect(gone).toBeGreaterThan(8 * (3_000 - 200) - GROUP_MS);
    expect(gone).toBeLessThanOrEqual(8 * 3_000);
  });

  it('at the newest footage waits for what is recorded, and is not ahead of it', async () => {
    const scene = new Scene([[0, 30_000]], 10, 10_000, 1);
    await scene.play(20_000, 16);
    expect(scene.skips).toEqual([]);
    expect(scene.shown.at(-1)).toBe(38_000);
  });
});
