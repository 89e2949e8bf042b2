// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { EDGE, LiveEdge } from './edgeControl';

const PICTURE_MS = 40;
const CONTROL_MS = 100;
const WAY_MS = 5;

/** When each picture comes that was taken 40 ms after the one before: milliseconds on its way. */
type Network = (takenMs: number) => number;

/** Random numbers that are the same in each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** The server looks at cameras and sends every few milliseconds. */
function smooth(): Network {
  const next = random(1);
  return () => WAY_MS + next() * 12;
}

function jittery(): Network {
  const next = random(2);
  return () => WAY_MS + next() * 40;
}

/** Each second or two the air is busy for up to 150 ms, and then all comes at once. */
function wifi(everyMs = 1_400): Network {
  const next = random(3);
  let busyFrom = 500;
  let busyUntil = 600;
  return (takenMs) => {
    while (takenMs > busyUntil) {
      busyFrom = busyUntil + everyMs * (0.5 + next());
      busyUntil = busyFrom + 50 + next() * 100;
    }
    return WAY_MS + next() * 8 + (takenMs >= busyFrom ? busyUntil - takenMs : 0);
  };
}

interface Seen {
  /** When each picture was shown, and how old it was then. */
  shown: { atMs: number; ageMs: number }[];
  /** When the picture stood still for want of the next one, and for how long. */
  stalls: { atMs: number; lastedMs: number }[];
  rates: number[];
  jumps: number;
  buffered: number;
}

/**
 * Plays as a browser does: a clock that goes on while there are pictures and stands still when there are none.
 *
 * @param heldBack pictures that the browser's decoder wants to have beyond the one it gives out
 */
function watch(network: Network, seconds: number, { heldBack = 0, skew = 0 } = {}): Seen {
  const edge = new LiveEdge();
  const seen: Seen = { shown: [], stalls: [], rates: [], jumps: 0, buffered: 0 };
  const onTheWay: { taken: number; arrivesMs: number }[] = [];
  let soonestMs = 0;
  let takenMs = 0;
  let position = 0;
  let end = 0;
  let rate = 1;
  let stalledSinceMs: number | undefined;
  let shownTaken = -1;
  for (let nowMs = 0; nowMs < seconds * 1_000; nowMs++) {
    for (; takenMs <= nowMs; takenMs += PICTURE_MS) {
      // In order, as over one connection.
      soonestMs = Math.max(soonestMs, takenMs + network(takenMs));
      onTheWay.push({ taken: takenMs, arrivesMs: soonestMs });
    }
    while (onTheWay[0] && onTheWay[0].arrivesMs <= nowMs) {
      const { taken } = onTheWay.shift() as { taken: number };
      end = (taken + PICTURE_MS) * (1 + skew);
      edge.arrived((taken * (1 + skew)) / 1_000, nowMs);
    }
    const playable = end - heldBack * PICTURE_MS;
    if (position + rate <= playable) {
      position += rate;
      if (stalledSinceMs !== undefined) {
        seen.stalls.push({ atMs: stalledSinceMs, lastedMs: nowMs - stalledSinceMs });
        stalledSinceMs = undefined;
      }
    } else if (stalledSinceMs === undefined) {
      stalledSinceMs = nowMs;
      edge.stalled((end - position) / 1_000, nowMs);
    }
    const taken = Math.floor(position / (1 + skew) / PICTURE_MS) * PICTURE_MS;
    if (taken > shownTaken) {
      shownTaken = taken;
      seen.shown.push({ atMs: nowMs, ageMs: nowMs - taken });
    }
    if (nowMs % CONTROL_MS === 0 && end > 0) {
      const ranges = [{ start: 0, end: end / 1_000 }];
      const decision = edge.decide(position / 1_000, ranges, rate, nowMs);
      rate = decision.rate;
      seen.rates.push(rate);
      if (decision.seekTo !== undefined) {
        position = decision.seekTo * 1_000;
        seen.jumps++;
      }
    }
  }
  seen.buffered = (end - position) / 1_000;
  return seen;
}

function ages(seen: Seen, fromS: number, toS = Number.POSITIVE_INFINITY) {
  const sorted = seen.shown
    .filter(({ atMs }) => atMs >= fromS * 1_000 && atMs < toS * 1_000)
    .map(({ ageMs }) => ageMs)
    .sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}

const stallsFrom = (seen: Seen, fromS: number) => seen.stalls.filter(({ atMs }) => atMs >= fromS * 1_000);
const stoodMs = (seen: Seen, fromS: number) =>
  stallsFrom(seen, fromS).reduce((sum, { lastedMs }) => sum + lastedMs, 0);

describe('the live edge', () => {
  it('is hardly behind a camera whose pictures come evenly, and none is missed', () => {
    const seen = watch(smooth(), 60);
    expect(ages(seen, 5).p50).toBeLessThan(35);
    expect(ages(seen, 5).p95).toBeLessThan(45);
    expect(stallsFrom(seen, 5)).toEqual([]);
    expect(seen.jumps).toBe(0);
  });

  it('keeps as much in hand as pictures come unevenly', () => {
    const seen = watch(jittery(), 60);
    expect(ages(seen, 5).p95).toBeLessThan(75);
    expect(stallsFrom(seen, 5)).toEqual([]);
  });

  it('waits for what a wireless network holds back again and again', () => {
    const seen = watch(wifi(), 120);
    expect(ages(seen, 10).p95).toBeLessThan(200);
    expect(stallsFrom(seen, 10).length).toBeLessThan(12);
    expect(stoodMs(seen, 10)).toBeLessThan(1_100);
  });

  it('comes near again when the network has become even', () => {
    const busy = wifi();
    const calm = smooth();
    const seen = watch((takenMs) => (takenMs < 60_000 ? busy(takenMs) : calm(takenMs)), 90);
    expect(ages(seen, 20, 60).p50).toBeGreaterThan(100);
    expect(ages(seen, 75).p95).toBeLessThan(45);
    expect(stallsFrom(seen, 61)).toEqual([]);
  });

  it('bears a delay that comes once, and is not further behind for it', () => {
    const calm = smooth();
    const seen = watch((takenMs) => calm(takenMs) + (takenMs === 30_000 ? 200 : 0), 60);
    expect(stallsFrom(seen, 5)).toHaveLength(1);
    expect(ages(seen, 35).p95).toBeLessThan(45);
  });

  it('is there again at once after an outage, by a jump when it was long', () => {
    const outage = (ms: number): Network => {
      const calm = smooth();
      return (takenMs) => calm(takenMs) + Math.max(0, takenMs >= 30_000 ? 30_000 + ms - takenMs : 0);
    };
    const short = watch(outage(1_000), 60);
    expect(short.jumps).toBe(0);
    expect(ages(short, 45).p95).toBeLessThan(45);
    const long = watch(outage(6_000), 60);
    expect(long.jumps).toBe(1);
    expect(ages(long, 45).p95).toBeLessThan(45);
    expect(stallsFrom(long, 37)).toEqual([]);
  });

  it('gives more time to a browser that holds pictures back', () => {
    const seen = watch(smooth(), 120, { heldBack: 1 });
    expect(ages(seen, 30).p95).toBeLessThan(95);
    expect(stallsFrom(seen, 15).length).toBeLessThan(8);
  });

  it('stays where it is when a clock runs wrong', () => {
    for (const skew of [0.0005, -0.0005]) {
      const seen = watch(smooth(), 120, { skew });
      expect(stallsFrom(seen, 5)).toEqual([]);
      expect(seen.buffered).toBeLessThan(0.1);
    }
  });

  it('is as near after half an hour as after a minute, over a wireless network and with a clock that runs wrong', () => {
    const halfHourS = 1_800;
    for (const skew of [0.0005, -0.0005]) {
      const seen = watch(wifi(), halfHourS, { skew });
      const first = ages(seen, 60, 120);
      const last = ages(seen, halfHourS - 60);
      expect(last.p95).toBeLessThan(200);
      expect(Math.abs(last.p50 - first.p50)).toBeLessThan(50);
      const oldest = Math.max(...seen.shown.filter(({ atMs }) => atMs > 60_000).map(({ ageMs }) => ageMs));
      expect(oldest).toBeLessThan(1_500);
      expect(seen.jumps).toBe(0);
    }
  });

  it('plays hardly faster or slower than it was taken', () => {
    const seen = watch(smooth(), 60);
    const later = seen.rates.slice(100);
    expect(Math.max(...later)).toBeLessThan(1.03);
    expect(Math.min(...later)).toBeGreaterThan(0.97);
    for (const rate of watch(wifi(), 60).rates) {
      expect(rate).toBeGreaterThanOrEqual(EDGE.slowest);
      expect(rate).toBeLessThanOrEqual(EDGE.fastest);
    }
  });

  it('plays at 1 as long as no picture has come in its own time', () => {
    expect(new LiveEdge().decide(0, [{ start: 0, end: 9 }], 1, 9_000)).toEqual({ rate: 1 });
  });

  it('jumps over what the server has skipped, once the pictures before it are shown', () => {
    const edge = new LiveEdge();
    edge.arrived(14, 14_000);
    const ranges = [
      { start: 0, end: 10 },
      { start: 14, end: 14.2 },
    ];
    expect(edge.decide(9.5, ranges, 1, 14_000)).toEqual({ rate: 1 });
    expect(edge.decide(9.99, ranges, 1, 14_000).seekTo).toBe(14);
    expect(edge.decide(9.5, ranges, 1, 14_100).seekTo).toBeCloseTo(14.085);
  });

  it('knows nothing of the times before when others begin', () => {
    const edge = new LiveEdge();
    edge.arrived(10, 10_000);
    edge.begin();
    expect(edge.delayMs(11_000)).toBeUndefined();
    edge.arrived(10, 40_000);
    expect(edge.delayMs(40_000)).toBe(30_000 + EDGE.reserveMs);
  });
});
