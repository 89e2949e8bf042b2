// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { SeekQueue } from './seekQueue';

describe('seek queue', () => {
  it('has one seek running and keeps only the newest wish', async () => {
    const done: number[] = [];
    const running: (() => void)[] = [];
    const queue = new SeekQueue((utcMs) => {
      done.push(utcMs);
      return new Promise<void>((resolve) => running.push(resolve));
    });
    queue.request(1);
    queue.request(2);
    queue.request(3);
    expect(done).toEqual([1]);
    expect(queue.pending()).toBe(3);
    running[0]?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(done).toEqual([1, 3]);
    running[1]?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(queue.pending()).toBeUndefined();
  });

  it('goes on after a seek that failed', async () => {
    const settled = new Promise<void>((resolve) => {
      const queue = new SeekQueue(() => Promise.reject(new Error('no')), resolve);
      queue.request(5);
    });
    await settled;
  });
});
