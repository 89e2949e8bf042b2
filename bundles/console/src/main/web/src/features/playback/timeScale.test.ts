// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  centredOn,
  notFarBeyond,
  panBy,
  queryRange,
  RANGE_MAX_MS,
  RANGE_MIN_MS,
  rangeOf,
  ticksFor,
  timeAt,
  xOf,
  type ZoneOffset,
  zoomAt,
} from './timeScale';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22, 12);

/** Berlin in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC. */
const berlin: ZoneOffset = (utcMs) =>
  utcMs >= Date.UTC(2026, 2, 29, 1) && utcMs < Date.UTC(2026, 9, 25, 1) ? 2 * HOUR : HOUR;
const utc: ZoneOffset = () => 0;

describe('view', () => {
  const view = { from: NOW, to: NOW + HOUR };

  it('places moments and finds them again', () => {
    expect(xOf(view, 1000, NOW + HOUR / 2)).toBe(500);
    expect(timeAt(view, 1000, 250)).toBe(NOW + HOUR / 4);
  });

  it.each([0.5, 0.9, 1.1, 3])('zooms by %f with the moment under the pointer fixed', (factor) => {
    const zoomed = zoomAt(view, 1000, 333, factor);
    expect(Math.abs(xOf(zoomed, 1000, timeAt(view, 1000, 333)) - 333)).toBeLessThan(1e-3);
    expect(rangeOf(zoomed)).toBeCloseTo(HOUR * factor, 3);
  });

  it('reaches a minute from 30 days in 60 notches of a wheel, and stops there', () => {
    let zoomed = centredOn(NOW, RANGE_MAX_MS);
    for (let notch = 0; notch < 60; notch++) {
      zoomed = zoomAt(zoomed, 1000, 700, Math.exp(-100 * 0.0022));
    }
    expect(rangeOf(zoomed)).toBe(RANGE_MIN_MS);
    expect(rangeOf(zoomAt(view, 1000, 0, 1e9))).toBe(RANGE_MAX_MS);
  });

  it('pans by pixels', () => {
    expect(panBy(view, 1000, 100)).toEqual({ from: NOW + HOUR / 10, to: NOW + HOUR * 1.1 });
  });

  it('shows at most half a range of future', () => {
    const far = notFarBeyond({ from: NOW + DAY, to: NOW + DAY + HOUR }, NOW);
    expect(far).toEqual({ from: NOW - HOUR / 2, to: NOW + HOUR / 2 });
    expect(notFarBeyond(view, NOW + HOUR)).toBe(view);
  });
});

describe('ticks', () => {
  it('stand at round local times', () => {
    const { stepMs, ticks } = ticksFor({ from: NOW, to: NOW + HOUR }, 1000, 80, utc);
    expect(stepMs).toBe(5 * 60_000);
    expect(ticks[0]).toEqual({ utcMs: NOW, major: true });
    expect(ticks).toHaveLength(13);
  });

  it('keep local midnight in a zone with half hours', () => {
    const india: ZoneOffset = () => 5.5 * HOUR;
    const { ticks } = ticksFor({ from: NOW, to: NOW + 5 * DAY }, 500, 80, india);
    expect(ticks.every(({ utcMs }) => (utcMs + 5.5 * HOUR) % DAY === 0)).toBe(true);
    expect(ticks).toHaveLength(5);
  });

  it('show the repeated hour of autumn twice: the day has 25 hours', () => {
    const from = Date.UTC(2026, 9, 24, 22);
    const { stepMs, ticks } = ticksFor({ from, to: from + 25 * HOUR - 1 }, 2500, 80, berlin);
    expect(stepMs).toBe(HOUR);
    expect(ticks).toHaveLength(25);
    const locals = ticks.map(({ utcMs }) => ((utcMs + berlin(utcMs)) / HOUR) % 24);
    expect(locals.filter((hour) => hour === 2)).toHaveLength(2);
    expect(ticks.map(({ utcMs }) => utcMs)).toEqual(
      ticks.map(({ utcMs }) => utcMs).toSorted((a, b) => a - b),
    );
  });

  it('leave out the missing hour of spring: the day has 23 hours', () => {
    const from = Date.UTC(2026, 2, 28, 23);
    const { ticks } = ticksFor({ from, to: from + 23 * HOUR - 1 }, 2500, 80, berlin);
    expect(ticks).toHaveLength(23);
    const locals = ticks.map(({ utcMs }) => ((utcMs + berlin(utcMs)) / HOUR) % 24);
    expect(locals).not.toContain(2);
  });

  it('of days are at midnight on both sides of a change', () => {
    const from = Date.UTC(2026, 9, 20, 22);
    const { ticks } = ticksFor({ from, to: from + 10 * DAY }, 1000, 80, berlin);
    expect(ticks.every(({ utcMs }) => (utcMs + berlin(utcMs)) % DAY === 0)).toBe(true);
    expect(ticks.length).toBeGreaterThanOrEqual(10);
  });

  it('never crowd, at any range', () => {
    for (let range = RANGE_MIN_MS; range <= RANGE_MAX_MS; range *= 1.37) {
      const view = { from: NOW - range, to: NOW };
      const { ticks } = ticksFor(view, 1200, 80, berlin);
      const xs = ticks.map(({ utcMs }) => xOf(view, 1200, utcMs));
      expect(ticks.length).toBeGreaterThan(2);
      expect(ticks.length).toBeLessThanOrEqual(17);
      expect(xs.slice(1).every((x, i) => x - (xs[i] ?? 0) > 70)).toBe(true);
    }
  });
});

describe('query range', () => {
  it('covers the view and stays the same while panning a little', () => {
    const view = { from: NOW - 5 * HOUR, to: NOW - 4.2 * HOUR };
    const range = queryRange(view, NOW);
    expect(range.from).toBeLessThanOrEqual(view.from);
    expect(range.to).toBeGreaterThanOrEqual(view.to);
    expect(queryRange({ from: view.from + 60_000, to: view.to + 60_000 }, NOW)).toEqual(range);
  });

  it('does not ask for a future that nobody can have recorded', () => {
    const range = queryRange({ from: NOW - HOUR, to: NOW }, NOW);
    expect(range.to).toBeLessThanOrEqual(NOW + 2 * HOUR);
    expect(range.to).toBeGreaterThan(NOW);
  });
});
