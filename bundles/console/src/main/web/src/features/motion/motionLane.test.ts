// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { MotionSearch } from '../../api/motion';
import { common } from './drawMotion';
import { foundBeside, heightAt, type Motion, motionBars, motionRange, searchedOf } from './motionLane';

const HOUR = 3_600_000;

function lane(heights: number[]): Motion {
  return { from: 1_000, bucketMs: 100, heights, told: [] };
}

describe('how much moves on the timeline', () => {
  it('is drawn as high as the highest of a pixel, and what is not known is told apart from stillness', () => {
    // Ten buckets on ten pixels.
    const ten = motionBars(lane([0, 51, 51, 255, 0, -1, -1, 0, 102, 0]), { from: 1_000, to: 2_000 }, 10);
    expect(ten.bars).toEqual([
      { left: 1, right: 3, height: 0.2 },
      { left: 3, right: 4, height: 1 },
      { left: 8, right: 9, height: 0.4 },
    ]);
    expect(ten.unknown).toEqual([{ left: 5, right: 7, height: 0 }]);
    // On two pixels the highest of each is left.
    const two = motionBars(lane([0, 51, 51, 255, 0, 0, 0, 0, 102, 0]), { from: 1_000, to: 2_000 }, 2);
    expect(two.bars.map(({ height }) => height)).toEqual([1, 0.4]);
    // And of a part only what is in it.
    const part = motionBars(lane([255, 0, 0, 255]), { from: 1_100, to: 1_300 }, 10);
    expect(part.bars).toEqual([]);
  });

  it('is known at a moment or not', () => {
    const some = lane([0, 51, -1]);
    expect(heightAt(some, 1_050)).toBe(0);
    expect(heightAt(some, 1_199)).toBe(0.2);
    expect(heightAt(some, 1_250)).toBeUndefined();
    expect(heightAt(some, 9_000)).toBeUndefined();
    expect(heightAt(some, 500)).toBeUndefined();
    expect(heightAt(undefined, 1_050)).toBeUndefined();
  });

  it('is found out for what is looked at, asked for where it is known, and not asked for beyond a day', () => {
    const now = 100 * HOUR;
    const hour = motionRange({ from: 50.02 * HOUR, to: 51.02 * HOUR }, now);
    expect(hour?.analyse).toBe(true);
    expect(hour?.from).toBeLessThanOrEqual(50.02 * HOUR);
    expect(hour?.to).toBeGreaterThanOrEqual(51.02 * HOUR);
    expect(motionRange({ from: 50.03 * HOUR, to: 51.03 * HOUR }, now), 'a little farther').toEqual(hour);
    expect(motionRange({ from: 40 * HOUR, to: 52 * HOUR }, now)?.analyse).toBe(false);
    expect(motionRange({ from: 10 * HOUR, to: 60 * HOUR }, now)).toBeUndefined();
    expect(motionRange({ from: 99.5 * HOUR, to: 100.5 * HOUR }, now)?.to).toBeLessThan(100.3 * HOUR);
    expect(motionRange({ from: 101 * HOUR, to: 102 * HOUR }, now), 'to come').toBeUndefined();
  });

  it('is hatched where there is footage of which nothing is known', () => {
    const bar = (left: number, right: number) => ({ left, right });
    expect(common([bar(0, 10), bar(20, 30)], [bar(5, 22), bar(25, 26), bar(28, 40)])).toEqual([
      bar(5, 10),
      bar(20, 22),
      bar(25, 26),
      bar(28, 30),
    ]);
    expect(common([bar(0, 10)], [])).toEqual([]);
  });
});

describe('findings', () => {
  const found = [10_000, 60_000, 90_000].map((from) => ({ from, to: from + 4_000, height: 9 }));

  it('are gone through to and fro, and the one that is played does not count as the next', () => {
    expect(foundBeside(found, 0, 1, 5_000)?.from).toBe(10_000);
    expect(foundBeside(found, 5_000, 1, 5_000)?.from).toBe(60_000);
    expect(foundBeside(found, 62_000, 1, 5_000)?.from).toBe(90_000);
    expect(foundBeside(found, 95_000, 1, 5_000)).toBeUndefined();
    expect(foundBeside(found, 55_000, -1, 5_000)?.from).toBe(10_000);
    expect(foundBeside(found, 5_000, -1, 5_000)).toBeUndefined();
  });

  it('are drawn up to where the search has come, and to its end when it is done', () => {
    const search = (state: MotionSearch['state']): MotionSearch => ({
      id: 's',
      revision: 1,
      state,
      from: '1970-01-01T00:00:10Z',
      to: '1970-01-01T00:01:00Z',
      footageMs: 50_000,
      searchedMs: 20_000,
      cameras: [
        {
          cameraId: 'a',
          through: 30_000,
          found,
          foundLeftOut: false,
          unreadable: 0,
          masked: false,
          maskedAreas: [],
        },
      ],
    });
    expect(searchedOf(search('running'), 'a')).toEqual({ from: 10_000, to: 60_000, through: 30_000, found });
    expect(searchedOf(search('done'), 'a')?.through).toBe(60_000);
    expect(searchedOf(search('done'), 'b')).toBeUndefined();
  });
});
