// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { PictureAge } from './pictureAge';

const T = 1_795_000_000_000;
const PICTURE_MS = 40;
const WAY_MS = 5;

/** Picture n, that came after some milliseconds and is shown after some more. */
const picture = (n: number, { shownMs = 20, firstTicks = 1_000, count = n } = {}) => ({
  rtpTimestamp: (firstTicks + n * PICTURE_MS * 90) >>> 0,
  receivedMs: T + n * PICTURE_MS + WAY_MS,
  presentedMs: T + n * PICTURE_MS + WAY_MS + shownMs,
  count,
});

/** That picture n was sent, told some milliseconds after it came. */
const report = (age: PictureAge, n: number, afterMs: number) =>
  age.reported(T + n * PICTURE_MS + WAY_MS + afterMs, T + n * PICTURE_MS);

describe('the age of pictures by RTP', () => {
  it('is not known before a report', () => {
    const age = new PictureAge(2_000);
    expect(age.shown(picture(0))).toBeUndefined();
    expect(age.shown(picture(1))).toBeUndefined();
  });

  it.each([0, 15, 35])('is that of each picture as it is shown, reported %i ms after one', (afterMs) => {
    const age = new PictureAge(2_000);
    for (let n = 0; n < 20; n++) {
      age.shown(picture(n));
    }
    report(age, 7, afterMs);
    expect(age.shown(picture(20))).toBeCloseTo(25);
    // It takes longer from there to the screen.
    expect(age.shown(picture(21, { shownMs: 130 }))).toBeCloseTo(135);
  });

  it('waits for the picture that is on its way to the screen when the report is looked at', () => {
    const age = new PictureAge(2_000);
    age.shown(picture(0));
    report(age, 2, 3);
    expect(age.shown(picture(1))).toBeUndefined();
    expect(age.shown(picture(2))).toBeUndefined();
    expect(age.shown(picture(3))).toBeCloseTo(25);
  });

  it('is not guessed where a picture was missed', () => {
    const age = new PictureAge(2_000);
    age.shown(picture(0));
    report(age, 1, 3);
    expect(age.shown(picture(2))).toBeUndefined();
    report(age, 2, 3);
    expect(age.shown(picture(3))).toBeCloseTo(25);
  });

  it('is certain for a minute, and not once the sender counts anew', () => {
    const age = new PictureAge(2_000);
    age.shown(picture(0));
    expect(age.isCertain(T)).toBe(false);
    report(age, 0, 1);
    age.shown(picture(1));
    expect(age.isCertain(T + 59_000)).toBe(true);
    expect(age.isCertain(T + 61_000)).toBe(false);
    age.shown(picture(8));
    expect(age.isCertain(T + 1_000)).toBe(true);
    age.shown(picture(16, { firstTicks: 191_000 }));
    expect(age.isCertain(T + 1_000)).toBe(false);
    report(age, 17, 1);
    age.shown(picture(17, { firstTicks: 191_000 }));
    expect(age.shown(picture(18, { firstTicks: 191_000 }))).toBeCloseTo(25);
    expect(age.isCertain(T + 1_000)).toBe(true);
  });

  it('follows times that go over the end of 32 bits', () => {
    const firstTicks = 2 ** 32 - 10_000;
    const age = new PictureAge(2_000);
    age.shown(picture(0, { firstTicks }));
    report(age, 0, 1);
    for (let n = 1; n < 8; n++) {
      expect(age.shown(picture(n, { firstTicks }))).toBeCloseTo(25);
    }
  });

  it('is anew that of the newest report, as the times jump when pictures are sent again', () => {
    const age = new PictureAge(2_000);
    age.shown(picture(0));
    report(age, 0, 1);
    expect(age.shown(picture(1))).toBeCloseTo(25);
    age.shown(picture(2, { firstTicks: 91_000 }));
    report(age, 2, 1);
    expect(age.shown(picture(3, { firstTicks: 91_000 }))).toBeCloseTo(25);
  });
});
