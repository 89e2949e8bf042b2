// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { SpeedMeter } from './speedMeter';

it('measures a player that is told each moment, backwards too, and no jump to another one', () => {
  const meter = new SpeedMeter();
  let at = 1_000_000;
  let now = 10;
  const go = (stepMs: number, rate: number) => {
    meter.goes(at, at + stepMs, rate);
    at += stepMs;
    now += 100;
    if (meter.isDriven()) {
      meter.add(at, now);
    }
  };
  go(-100, -1);
  expect(meter.value(), 'what counts until it is measured').toBe(-1);
  for (let n = 0; n < 50; n++) {
    go(-80, -1);
  }
  expect(meter.value()).toBeCloseTo(-0.8, 2);
  go(-600_000, -1);
  for (let n = 0; n < 50; n++) {
    go(-80, -1);
  }
  expect(meter.value(), 'over a jump').toBeCloseTo(-0.8, 2);
  for (let n = 0; n < 50; n++) {
    go(-640, -8);
  }
  expect(meter.value()).toBeCloseTo(-6.4, 2);
  go(50, 0);
  expect(meter.isDriven()).toBe(false);
});
