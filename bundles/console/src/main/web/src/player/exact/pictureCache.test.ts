// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Still } from './messages';
import { PictureCache } from './pictureCache';

const BYTES = 10;

/** Pictures of ten bytes, and which of them are open. */
function scene(room: number) {
  const open = new Set<number>();
  const cache = new PictureCache(() => room * BYTES);
  const put = (utcMs: number): boolean => {
    open.add(utcMs);
    const image = { close: () => open.delete(utcMs) } as unknown as ImageBitmap;
    return cache.put(utcMs, { image, width: 1, height: 1, bytes: BYTES } satisfies Still);
  };
  return { cache, open, put };
}

describe('decoded pictures', () => {
  it('are found by their moment, however they came', () => {
    const { cache, put } = scene(10);
    for (const utcMs of [120, 40, 80, 0]) {
      expect(put(utcMs)).toBe(true);
    }
    expect([0, 40, 80, 120].map((utcMs) => cache.at(utcMs) !== undefined)).toEqual([true, true, true, true]);
    // Computed from another clock.
    expect(cache.at(80.0004)).toBe(cache.at(80));
    expect(cache.at(100)).toBeUndefined();
  });

  it('take no more room than they may: those around the moment that is looked at stay, the others are closed', () => {
    const { cache, open, put } = scene(5);
    cache.look(400, 0);
    for (let utcMs = 0; utcMs <= 800; utcMs += 40) {
      put(utcMs);
      expect(cache.bytes()).toBeLessThanOrEqual(5 * BYTES);
      expect(open.size).toBe(cache.size());
    }
    expect([...open].sort((a, b) => a - b)).toEqual([320, 360, 400, 440, 480]);
    // Further away than what there is: it is not kept.
    expect(put(2_000)).toBe(false);
    expect(open.has(2_000)).toBe(false);
  });

  it('stay rather where one is going than where one has been', () => {
    const { cache, open, put } = scene(6);
    cache.look(400, -1);
    for (let utcMs = 0; utcMs <= 800; utcMs += 40) {
      put(utcMs);
    }
    expect([...open].sort((a, b) => a - b)).toEqual([240, 280, 320, 360, 400, 440]);
  });

  it('say which more would be kept', () => {
    const { cache, put } = scene(5);
    cache.look(400, -1);
    expect(cache.wants(9_000)).toBe(true);
    for (let utcMs = 280; utcMs <= 440; utcMs += 40) {
      put(utcMs);
    }
    // There is one at 440 behind, which counts as far as 280; nearer than these it would be.
    expect([200, 290, 330, 430, 480].map((utcMs) => cache.wants(utcMs))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('have one of each moment, and the one looked at always', () => {
    const { cache, open, put } = scene(0);
    cache.look(40, 0);
    put(40);
    const first = cache.at(40);
    put(40);
    expect(cache.size()).toBe(1);
    expect(cache.at(40)).not.toBe(first);
    put(80);
    expect(cache.at(40)).toBeDefined();
    expect(open.has(80)).toBe(false);
    cache.clear();
    expect(open.size).toBe(0);
    expect(cache.bytes()).toBe(0);
  });
});
