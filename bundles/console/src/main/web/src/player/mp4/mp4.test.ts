// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { box, bytes, footage, fragment, initSegment, prft, traf, u32 } from '../../../test/mp4';
import { boxesIn, Mp4Error, viewOf } from './boxes';
import { keepTracksOfFragments, ntpToUtcMs, parseFragments } from './fragment';
import { keepTracksOfInit, parseInit } from './init';
import { samplesIn } from './samples';

const VIDEO = { id: 1, handler: 'vide', timescale: 90_000, entry: 'avc1' } as const;
const SOUND = { id: 2, handler: 'soun', timescale: 8_000, entry: 'ulaw' } as const;
const types = (data: Uint8Array) => boxesIn(viewOf(data), 0, data.length).map((box) => box.type);

describe('initialisation segment', () => {
  it('gives tracks with their timescale', () => {
    const init = parseInit(initSegment(VIDEO, SOUND));
    expect(init.video).toMatchObject({ id: 1, kind: 'video', timescale: 90_000, entry: 'avc1' });
    expect(init.tracks[1]).toMatchObject({ id: 2, kind: 'audio', timescale: 8_000, entry: 'ulaw' });
  });

  it('loses the sound and nothing else when the sound is not wanted', () => {
    const data = initSegment(VIDEO, SOUND);
    keepTracksOfInit(data, new Set([1]));
    const init = parseInit(data);
    expect(init.tracks.map((track) => track.id)).toEqual([1]);
    expect(data.length).toBe(initSegment(VIDEO, SOUND).length);
  });

  it('without video is refused', () => {
    expect(() => parseInit(initSegment(SOUND))).toThrow(Mp4Error);
    expect(() => parseInit(bytes([0, 0, 0, 8, 102, 114, 101, 101]))).toThrow(/moov/);
  });
});

describe('fragments', () => {
  const init = parseInit(initSegment(VIDEO, SOUND));

  it('give each picture its time', () => {
    const data = bytes(
      fragment(
        traf(1, 900_000, [
          { duration: 3600, size: 8 },
          { duration: 3600, size: 8 },
        ]),
      ),
    );
    const [parsed] = parseFragments(data, init);
    expect(parsed).toMatchObject({ start: 0, end: data.length, decodeTime: 10, firstPts: 10 });
    expect(parsed?.pictures).toEqual([
      { pts: 10, duration: 0.04 },
      { pts: 10.04, duration: 0.04 },
    ]);
  });

  it('with B-frames come in order of presentation, while the first in decode order stays known', () => {
    const samples = [
      { duration: 3600, size: 1, composition: 3600 },
      { duration: 3600, size: 1, composition: 7200 },
      { duration: 3600, size: 1, composition: 0 },
    ];
    const [parsed] = parseFragments(bytes(fragment(traf(1, 0, samples))), init);
    expect(parsed?.pictures.map((picture) => Math.round(picture.pts * 90_000))).toEqual([3600, 7200, 10800]);
    expect(parsed?.firstPts).toBe(0.04);
  });

  it('carry the capture time to the millisecond', () => {
    const utcMs = Date.UTC(2026, 10, 22, 14, 3, 5, 120);
    const data = bytes(prft(1, utcMs), fragment(traf(1, 0, [{ duration: 3600, size: 1 }])));
    const [parsed] = parseFragments(data, init);
    expect(parsed?.captureMs).toBeCloseTo(utcMs, 2);
    expect(parsed).toMatchObject({ start: 0, end: data.length });
  });

  it('of sound alone have no picture and no capture time of the picture', () => {
    const data = bytes(prft(2, 1_000), fragment(traf(2, 0, [{ duration: 160, size: 1 }])));
    expect(parseFragments(data, init)[0]).toMatchObject({ pictures: [], captureMs: undefined });
  });

  it('that begin with sound tell of it what the index tells the time of', () => {
    const picture = [{ duration: 3600, size: 1, composition: 900 }];
    const sound = [{ duration: 160, size: 1 }];
    const data = bytes(
      fragment(traf(1, 180_000, picture, 300), traf(2, 11_200, sound, 200)),
      fragment(traf(1, 180_000, picture, 200), traf(2, 11_200, sound, 300)),
    );
    const [heard, seen] = parseFragments(data, init);
    expect(heard).toMatchObject({ leadPts: 1.4, firstPts: 2.01, decodeTime: 2 });
    expect(heard?.pictures).toHaveLength(1);
    expect(seen).toMatchObject({ leadPts: 2.01, firstPts: 2.01 });
  });

  it('that are cut off are left out', () => {
    const whole = fragment(traf(1, 0, [{ duration: 3600, size: 1 }]));
    expect(parseFragments(bytes(whole, whole.slice(0, -3)), init)).toHaveLength(1);
  });

  it('can lose the tracks that are not wanted', () => {
    const data = bytes(
      fragment(traf(1, 0, [{ duration: 3600, size: 1 }]), traf(2, 0, [{ duration: 160, size: 1 }])),
    );
    keepTracksOfFragments(data, new Set([1]));
    const moof = boxesIn(viewOf(data), 0, data.length)[0];
    expect(moof && boxesIn(viewOf(data), moof.body, moof.end).map((box) => box.type)).toEqual([
      'mfhd',
      'traf',
      'free',
    ]);
  });
});

describe('access units', () => {
  const init = parseInit(initSegment(VIDEO, SOUND));

  it('lie where the fragment says, with when they are shown and whether one can start there', () => {
    const data = bytes(
      prft(1, 5_000),
      footage(1, 90_000, [
        { duration: 3600, size: 5, content: 7, key: true, composition: 3600 },
        { duration: 3600, size: 3, content: 8, composition: 7200 },
        { duration: 3600, size: 2, content: 9, composition: 0 },
      ]),
      footage(1, 100_800, [{ duration: 3600, size: 4, content: 6 }]),
    );
    const fragments = samplesIn(data, init);
    expect(fragments).toHaveLength(2);
    const samples = fragments.flatMap((one) => one.samples);
    expect(samples.map(({ offset, length }) => [...data.subarray(offset, offset + length)])).toEqual([
      [7, 7, 7, 7, 7],
      [8, 8, 8],
      [9, 9],
      [6, 6, 6, 6],
    ]);
    expect(samples.map(({ key }) => key)).toEqual([true, false, false, false]);
    expect(samples.map(({ pts }) => Math.round(pts * 90_000))).toEqual([93_600, 100_800, 97_200, 100_800]);
    expect(samples[0]?.duration).toBe(0.04);
  });

  it('of sound are left out', () => {
    const data = bytes(footage(2, 0, [{ duration: 160, size: 4, content: 1 }]));
    expect(samplesIn(data, init)).toEqual([{ samples: [] }]);
  });

  it('that would lie outside of what was read are refused', () => {
    const data = bytes(footage(1, 0, [{ duration: 3600, size: 50, content: 1, key: true }]));
    const cut = bytes(data.subarray(0, data.length - 60), [...u32(8), 109, 100, 97, 116]);
    expect(() => samplesIn(cut, init)).toThrow(/outside/);
    const absolute = box(
      'moof',
      box('traf', box('tfhd', u32(1), u32(1), u32(0), u32(0)), box('tfdt', u32(0), u32(0))),
    );
    expect(() => samplesIn(bytes(absolute), init)).toThrow(/absolute/);
  });

  it('never lie outside, whatever the bytes are', () => {
    const good = bytes(footage(1, 0, [{ duration: 3600, size: 20, content: 1, key: true }]));
    let seed = 815;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed;
    };
    for (let round = 0; round < 3_000; round++) {
      const data = good.slice(0, 1 + (random() % good.length));
      for (let change = 0; change < 3; change++) {
        data[random() % data.length] = random() & 255;
      }
      try {
        for (const { offset, length } of samplesIn(data, init).flatMap(({ samples }) => samples)) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset + length).toBeLessThanOrEqual(data.length);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(Mp4Error);
      }
    }
  });
});

describe('hostile bytes', () => {
  it('end the walk or are refused, whatever they are', () => {
    const init = parseInit(initSegment(VIDEO));
    const good = bytes(prft(1, 5_000), fragment(traf(1, 0, [{ duration: 3600, size: 1 }])));
    let seed = 4711;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed;
    };
    for (let round = 0; round < 3_000; round++) {
      const data = good.slice(0, random() % (good.length + 1));
      for (let change = 0; change < 4 && data.length > 0; change++) {
        data[random() % data.length] = random() & 255;
      }
      try {
        parseFragments(data, init);
        parseInit(data);
      } catch (error) {
        expect(error).toBeInstanceOf(Mp4Error);
      }
    }
  });

  it('with a lying sample count stop at the end of their box', () => {
    const data = bytes(fragment(traf(1, 0, [{ duration: 3600, size: 1 }])));
    const at = [...data].findIndex((_, i) => String.fromCharCode(...data.slice(i, i + 4)) === 'trun');
    data.set([255, 255, 255, 255], at + 8);
    expect(() => parseFragments(data, parseInit(initSegment(VIDEO)))).toThrow(/too short/);
  });

  it('of a box smaller than its header are refused', () => {
    expect(() => types(bytes([0, 0, 0, 4, 109, 111, 111, 102]))).toThrow(Mp4Error);
  });
});

describe('NTP time', () => {
  it('is the Unix epoch at its offset', () => {
    expect(ntpToUtcMs(2_208_988_800, 0)).toBe(0);
    expect(ntpToUtcMs(2_208_988_801, 2 ** 31)).toBe(1500);
  });
});
