// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Channel, SharedClock } from './sharedClock';
import { SyncClock } from './syncClock';

const NEWEST = 10_000_000;
/** So long a message is under way. */
const UNDER_WAY_MS = 7;

let channels: Bus[];
const opened: SharedClock[] = [];

/** What one window says arrives at all others a moment later. */
class Bus implements Channel {
  onmessage: Channel['onmessage'] = null;

  postMessage(said: unknown): void {
    const copy = structuredClone(said);
    for (const other of channels.filter((one) => one !== this)) {
      setTimeout(() => other.onmessage?.({ data: copy } as MessageEvent), UNDER_WAY_MS);
    }
  }

  close(): void {
    channels = channels.filter((one) => one !== this);
  }
}

function openWindow(id: string, startMs: number) {
  const clock = new SyncClock(
    startMs,
    () => NEWEST,
    () => Date.now(),
  );
  const bus = new Bus();
  channels.push(bus);
  const shared = new SharedClock(clock, bus, id);
  opened.push(shared);
  return { clock, shared };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  channels = [];
});

afterEach(() => {
  for (const shared of opened.splice(0)) {
    shared.close();
  }
  vi.useRealTimers();
});

describe('windows with one clock', () => {
  it('play, stop and go somewhere together, whichever of them is told to', async () => {
    const left = openWindow('left', 1_000);
    const right = openWindow('right', 1_000);
    await pass(50);
    left.clock.run(2);
    await pass(1_000);
    expect(right.clock.wanted()).toBe(2);
    expect(right.clock.position()).toBe(left.clock.position());
    right.clock.seek(500_000);
    await pass(1_000);
    expect(left.clock.position()).toBe(502_000);
    expect(right.clock.position()).toBe(502_000);
    left.clock.run(-4);
    await pass(1_000);
    expect(right.clock.position()).toBe(498_000);
    right.clock.run(0);
    await pass(UNDER_WAY_MS);
    expect(left.clock.wanted()).toBe(0);
    // To the millisecond: both show the very same picture.
    expect(left.clock.position()).toBe(right.clock.position());
  });

  it('are where the others are when they come later', async () => {
    const first = openWindow('first', 1_000);
    first.clock.seek(70_000);
    first.clock.run(1);
    await pass(3_000);
    const second = openWindow('second', 1_000);
    await pass(UNDER_WAY_MS * 2);
    expect(second.clock.position()).toBe(first.clock.position());
    expect(second.clock.wanted()).toBe(1);
    const third = openWindow('third', 5);
    await pass(UNDER_WAY_MS * 2);
    expect(third.clock.position()).toBe(first.clock.position());
  });

  it('that nobody has touched yet show what the one shows that was there first', async () => {
    const first = openWindow('first', 90_000);
    const second = openWindow('second', 1_000);
    await pass(UNDER_WAY_MS * 2);
    expect(second.clock.position()).toBe(90_000);
    expect(first.clock.position()).toBe(90_000);
  });

  it('agree on the latest of two changes that cross', async () => {
    const left = openWindow('left', 1_000);
    const right = openWindow('right', 1_000);
    await pass(50);
    left.clock.seek(200_000);
    await pass(1);
    right.clock.seek(300_000);
    await pass(50);
    expect([left.clock.position(), right.clock.position()]).toEqual([300_000, 300_000]);
    left.clock.seek(400_000);
    right.clock.seek(500_000);
    await pass(50);
    expect(left.clock.position()).toBe(right.clock.position());
  });

  it('say nothing back to what they are told', async () => {
    const left = openWindow('left', 1_000);
    openWindow('right', 1_000);
    await pass(50);
    let changes = 0;
    left.clock.subscribe(() => {
      changes++;
    });
    left.clock.seek(2_000);
    await pass(10_000);
    expect(changes).toBe(1);
  });

  it('know of each other, and of one that is closed or has gone', async () => {
    const left = openWindow('left', 1_000);
    const right = openWindow('right', 1_000);
    let told = 0;
    left.shared.subscribe(() => {
      told++;
    });
    await pass(50);
    expect(left.shared.others()).toBe(1);
    expect(told).toBe(1);
    right.shared.close();
    await pass(50);
    expect(left.shared.others()).toBe(0);

    openWindow('crashed', 1_000);
    await pass(50);
    expect(left.shared.others()).toBe(1);
    const crashed = channels.at(-1);
    if (crashed) {
      crashed.postMessage = () => undefined;
    }
    await pass(7_000);
    expect(left.shared.others()).toBe(0);
  });
});
