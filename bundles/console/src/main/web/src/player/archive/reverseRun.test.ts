// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { type Backwards, ReverseRun } from './reverseRun';

const FRAME_MS = 40;

/** Footage with a picture each 40 ms in some stretches, and a clock that goes on only while somebody waits. */
class Scene implements Backwards {
  nowMs = 0;
  readonly shown: number[] = [];
  readonly skips: [number, number][] = [];
  begun = 0;
  private readonly run: ReverseRun;

  constructor(
    private readonly stretches: [number, number][],
    private readonly showMs: number,
    private readonly untilMs: number,
  ) {
    this.run = new ReverseRun(
      this,
      () => this.nowMs,
      async (ms) => this.spend(ms),
    );
  }

  async show(utcMs: number): Promise<number> {
    this.spend(this.showMs);
    const before = this.stretches.filter(([from]) => from <= utcMs).at(-1);
    const last = this.shown.at(-1) ?? Number.POSITIVE_INFINITY;
    if (!before) {
      return last;
    }
    const at = Math.min(utcMs, before[1]);
    const picture = before[0] + Math.floor((at - before[0]) / FRAME_MS) * FRAME_MS;
    this.shown.push(picture);
    return picture;
  }

  skipped(fromMs: number, toMs: number): void {
    this.skips.push([fromMs, toMs]);
  }

  beginning(): void {
    this.begun++;
  }

  isRunning(): boolean {
    return this.run.isRunning();
  }

  async play(fromMs: number, speed: number): Promise<void> {
    this.shown.push(fromMs);
    this.run.begin(fromMs, speed);
    // Every wait in the run is one of these turns; it ends by itself, or by the clock.
    for (let turn = 0; turn < 5_000 && this.run.isRunning(); turn++) {
      await Promise.resolve();
    }
  }

  private spend(ms: number): void {
    this.nowMs += ms;
    if (this.nowMs >= this.untilMs) {
      this.run.end();
    }
  }
}

describe('playing backwards', () => {
  it('keeps its speed, however long a picture takes', async () => {
    for (const showMs of [5, 90, 400]) {
      for (const speed of [1, 4]) {
        const scene = new Scene([[0, 600_000]], showMs, 10_000);
        await scene.play(500_000, speed);
        const gone = 500_000 - (scene.shown.at(-1) ?? 0);
        // What is shown was asked for at most one picture's work and pause before.
        expect(gone).toBeGreaterThan(speed * (10_000 - showMs * 2 - 60));
        expect(gone).toBeLessThanOrEqual(speed * 10_000 + FRAME_MS);
        expect(scene.shown).toEqual([...scene.shown].sort((a, b) => b - a));
      }
    }
  });

  it('leaves out what is not recorded, says so, and goes on from there at its speed', async () => {
    const scene = new Scene(
      [
        [0, 50_000],
        [90_000, 200_000],
      ],
      20,
      4_000,
    );
    await scene.play(91_000, 1);
    expect(scene.skips).toHaveLength(1);
    const [[from, to]] = scene.skips as [[number, number]];
    expect(from).toBeLessThan(90_100);
    expect(to).toBe(50_000);
    expect(50_000 - (scene.shown.at(-1) ?? 0)).toBeLessThan(3_100);
    expect(50_000 - (scene.shown.at(-1) ?? 0)).toBeGreaterThan(2_700);
  });

  it('ends where there is nothing earlier', async () => {
    const scene = new Scene([[10_000, 60_000]], 20, 60_000);
    await scene.play(11_000, 2);
    expect(scene.begun).toBe(1);
    expect(scene.isRunning()).toBe(false);
    expect(scene.shown.at(-1)).toBeLessThan(10_200);
  });

  it('shows nothing more once it was ended', async () => {
    const asked: number[] = [];
    let answer: (utcMs: number) => void = () => undefined;
    let nowMs = 0;
    const run = new ReverseRun(
      {
        show: (utcMs) => {
          asked.push(utcMs);
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
        skipped: () => expect.unreachable(),
        beginning: () => expect.unreachable(),
      },
      () => (nowMs += 100),
      async () => undefined,
    );
    run.begin(10_000, 1);
    expect(asked).toEqual([9_900]);
    run.end();
    answer(1_000);
    await Promise.resolve();
    await Promise.resolve();
    expect(asked).toHaveLength(1);
    expect(run.isRunning()).toBe(false);
  });
});
