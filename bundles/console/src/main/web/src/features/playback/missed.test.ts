// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { missedOf } from './missed';

describe('a moment without footage', () => {
  it('is told with what is shown in its place', () => {
    expect(missedOf(100_000, 160_000)).toEqual({ askedMs: 100_000, shownMs: 160_000 });
    expect(missedOf(100_000, 40_000)).toEqual({ askedMs: 100_000, shownMs: 40_000 });
    expect(missedOf(100_000, undefined)).toEqual({ askedMs: 100_000, shownMs: undefined });
  });

  it('is none where the picture is of about that time', () => {
    expect(missedOf(100_000, 99_960)).toBeUndefined();
    expect(missedOf(100_000, 102_900)).toBeUndefined();
  });

  it('is nothing to be told before what is led up to: only that itself can be missed', () => {
    // Motion at 105 s, played from 100 s; footage begins at 104.5 s.
    expect(missedOf(100_000, 104_500, 105_000)).toBeUndefined();
    expect(missedOf(100_000, 150_000, 105_000)).toEqual({ askedMs: 100_000, shownMs: 150_000 });
    expect(missedOf(100_000, 60_000, 105_000)).toEqual({ askedMs: 100_000, shownMs: 60_000 });
  });
});
