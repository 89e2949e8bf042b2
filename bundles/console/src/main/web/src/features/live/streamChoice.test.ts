// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { othersThan, streamFor } from './streamChoice';

const stream = (role: 'main' | 'sub', state = 'recording', width?: number, height?: number) => ({
  role,
  name: role,
  state,
  width,
  height,
  bitrateBps: 0,
  framesPerSecond: 0,
});
const having = (...streams: ReturnType<typeof stream>[]) => ({
  status: { state: 'recording', since: '2026-11-22T12:00:00.000Z', driverPresent: true, streams },
});
const main = stream('main', 'recording', 1920, 1080);
const both = having(main, stream('sub', 'recording', 640, 360));
const px = (width: number, height: number) => ({ width, height });

describe('stream of a tile', () => {
  it('is the smallest that has the pixels that are shown', () => {
    expect(streamFor(both, px(320, 180))).toBe('sub');
    expect(streamFor(both, px(640, 360))).toBe('sub');
    expect(streamFor(both, px(800, 450))).toBe('main');
    expect(streamFor(both, px(3840, 2160))).toBe('main');
  });

  it('is chosen by the picture, not by the bars beside it', () => {
    expect(streamFor(both, px(2_000, 360))).toBe('sub');
    expect(streamFor(both, px(640, 900))).toBe('sub');
  });

  it('does not change to and fro while a rim is dragged', () => {
    expect(streamFor(both, px(620, 349), 'sub')).toBe('sub');
    expect(streamFor(both, px(660, 371), 'sub')).toBe('main');
    expect(streamFor(both, px(620, 349), 'main')).toBe('main');
    expect(streamFor(both, px(570, 320), 'main')).toBe('sub');
  });

  it('is the large one when there is no other that works, and a small one counts as usual until it tells its size', () => {
    expect(streamFor(having(main), px(100, 100))).toBe('main');
    expect(streamFor(having(main, stream('sub', 'unsupported', 640, 360)), px(100, 100))).toBe('main');
    expect(streamFor(having(main, stream('sub')), px(500, 300))).toBe('sub');
    expect(streamFor(having(main, stream('sub')), px(1_000, 600))).toBe('main');
  });
});

describe('a stream that cannot be shown', () => {
  it('has others that may be: the small one, and one that the server makes', () => {
    expect(othersThan('main', both)).toEqual(['sub', 'main~h264']);
    expect(othersThan('sub', both)).toEqual(['main~h264']);
    expect(othersThan('main', having(main))).toEqual(['main~h264']);
    expect(othersThan('main~h264', having(main))).toEqual([]);
  });
});
