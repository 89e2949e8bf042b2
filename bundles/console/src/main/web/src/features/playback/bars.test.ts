// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { gapBars, spanBars } from './bars';

const VIEW = { from: 1_000_000, to: 1_100_000 };
const WIDTH = 1_000;

describe('bars of a lane', () => {
  it('lie where their time does, cut at the rims', () => {
    const spans = [
      [990_000, 1_010_000],
      [1_050_000, 1_060_000],
      [1_095_000, 1_200_000],
    ] as const;
    expect(spanBars(spans, VIEW, WIDTH)).toEqual([
      { left: 0, right: 100 },
      { left: 500, right: 600 },
      { left: 950, right: 1_000 },
    ]);
  });

  it('are none for what is not to be seen', () => {
    const spans = [
      [0, 10],
      [999_000, 999_999],
      [1_100_001, 1_200_000],
    ] as const;
    expect(spanBars(spans, VIEW, WIDTH)).toEqual([]);
  });

  it('are no more than there are pixels, however many pieces there are', () => {
    const pieces = Array.from({ length: 100_000 }, (_, n) => [VIEW.from + n, VIEW.from + n + 0.6] as const);
    expect(spanBars(pieces, VIEW, WIDTH)).toEqual([{ left: 0, right: expect.closeTo(1_000.6, 0) }]);
    const apart = Array.from(
      { length: 4_000 },
      (_, n) => [VIEW.from + n * 25, VIEW.from + n * 25 + 1] as const,
    );
    expect(spanBars(apart, VIEW, WIDTH).length).toBeLessThanOrEqual(WIDTH);
  });

  it('stay apart where there is room to see it, and are wide enough to be seen', () => {
    const spans = [
      [1_000_000, 1_000_010],
      [1_000_200, 1_000_210],
    ] as const;
    expect(spanBars(spans, VIEW, WIDTH)).toEqual([
      { left: 0, right: 1 },
      { left: 2, right: 3 },
    ]);
  });

  it('of a gap that has not ended end now', () => {
    const gaps = [{ start: 1_010_000, end: 1_020_000 }, { start: 1_080_000 }];
    expect(gapBars(gaps, VIEW, WIDTH, 1_090_000)).toEqual([
      { left: 100, right: 200 },
      { left: 800, right: 900 },
    ]);
    // One that begins later is not there yet.
    expect(gapBars(gaps, VIEW, WIDTH, 1_050_000)).toHaveLength(1);
  });
});
