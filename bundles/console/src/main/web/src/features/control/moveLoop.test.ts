// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Motion } from '../../api/control';
import { dragMotion, HOLD_MS, MoveLoop, PACE_MS, RENEW_MS } from './moveLoop';

const said: string[] = [];
const errors: unknown[] = [];
/** Answers of moves that are under way, oldest first. */
let answers: { resolve: () => void; reject: (why: Error) => void }[] = [];
let slow = false;

const head = {
  move: (motion: Motion, durationMs: number) => {
    said.push(`${JSON.stringify(motion)} ${durationMs}`);
    return slow
      ? new Promise<void>((resolve, reject) => answers.push({ resolve: () => resolve(), reject }))
      : Promise.resolve();
  },
  stop: () => {
    said.push('stop');
    return Promise.resolve();
  },
};

let loop: MoveLoop;

beforeEach(() => {
  vi.useFakeTimers();
  said.length = 0;
  errors.length = 0;
  answers = [];
  slow = false;
  loop = new MoveLoop(head, (error) => errors.push(error));
});

afterEach(() => vi.useRealTimers());

describe('moving a camera', () => {
  it('is said again while it goes on, and ended when it is let go', async () => {
    loop.steer({ pan: 0.5 });
    expect(said).toEqual([`{"pan":0.5} ${HOLD_MS}`]);
    await vi.advanceTimersByTimeAsync(2 * RENEW_MS);
    expect(said).toHaveLength(3);
    loop.stop();
    await vi.advanceTimersByTimeAsync(10 * RENEW_MS);
    expect(said.slice(3)).toEqual(['stop']);
  });

  it('follows the hand at most ten times a second, the newest motion wins', async () => {
    for (let speed = 0.1; speed < 0.95; speed += 0.1) {
      loop.steer({ tilt: speed });
      await vi.advanceTimersByTimeAsync(PACE_MS / 5);
    }
    await vi.advanceTimersByTimeAsync(PACE_MS);
    expect(said.length).toBeLessThanOrEqual(4);
    expect(said[said.length - 1]).toBe(`{"tilt":0.9} ${HOLD_MS}`);
  });

  it('has one request under way however slow the camera is', async () => {
    slow = true;
    loop.steer({ zoom: 1 });
    loop.steer({ zoom: -1 });
    await vi.advanceTimersByTimeAsync(5 * RENEW_MS);
    expect(said).toHaveLength(1);
    answers[0]?.resolve();
    await vi.advanceTimersByTimeAsync(PACE_MS);
    expect(said).toEqual([`{"zoom":1} ${HOLD_MS}`, `{"zoom":-1} ${HOLD_MS}`]);
  });

  it('is stopped at once, and again behind a move that was still under way', async () => {
    slow = true;
    loop.steer({ pan: 1 });
    loop.stop();
    expect(said).toEqual([`{"pan":1} ${HOLD_MS}`, 'stop']);
    answers[0]?.resolve();
    await vi.advanceTimersByTimeAsync(RENEW_MS);
    expect(said.slice(2)).toEqual(['stop']);
  });

  it('ends with the reason when the camera refuses', async () => {
    slow = true;
    loop.steer({ pan: 1 });
    answers[0]?.reject(new Error('no such axis'));
    await vi.advanceTimersByTimeAsync(5 * RENEW_MS);
    expect(errors).toEqual([new Error('no such axis')]);
    expect(said).toHaveLength(1);
    expect(loop.moves).toBe(false);
  });

  it('is no move when nothing is to move', () => {
    loop.steer({ pan: 0.001, tilt: 0 });
    loop.stop();
    expect(said).toEqual([]);
  });
});

describe('dragging the picture', () => {
  it('moves by distance, up is up, and a touch moves nothing', () => {
    expect(dragMotion(5, -5, 200)).toEqual({ pan: 0, tilt: 0 });
    expect(dragMotion(100, -100, 200)).toEqual({ pan: 0.25, tilt: 0.25 });
    expect(dragMotion(-900, 900, 200)).toEqual({ pan: -1, tilt: -1 });
  });
});
