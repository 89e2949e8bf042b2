// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fragment, Segment, SegmentIndex } from '../../api/types';
import { ArchiveCatalog } from './catalog';
import { nextBatch } from './feedPlan';
import { type Output, type Seen, Sound } from './sound';

const CODECS = 'avc1.640028,mp4a.40.2';
const START_MS = 1_000_000;
/** From a run's own time to media time. */
const OFFSET = 5_000;
const FRAGMENTS = 12;

const fragments: Fragment[] = Array.from({ length: FRAGMENTS }, (_, n) => ({
  startMs: START_MS + n * 1_000,
  durationMs: 1_000,
  offset: n * 100,
  length: 100,
  key: n % 2 === 0,
  frames: 25,
}));

const segment = (extra: Partial<Segment> = {}): Segment => ({
  id: 's',
  start: '',
  end: '',
  startMs: START_MS,
  durationMs: FRAGMENTS * 1_000,
  codecs: CODECS,
  initId: 'i',
  bytes: 1,
  width: 1,
  height: 1,
  hasAudio: true,
  open: false,
  runId: 'run',
  sequence: 0,
  ...extra,
});

/** An element and its buffer: what is appended is there from a second on, as far as was asked for. */
class Heard implements Output {
  readonly appended: [bytes: number, offset?: number][] = [];
  readonly opened: string[] = [];
  ends = 0;
  readonly audio: Output['audio'] & { paused: boolean } = {
    paused: true,
    currentTime: 0,
    playbackRate: 1,
    seeking: false,
    play: async () => {
      this.audio.paused = false;
    },
    pause: () => {
      this.audio.paused = true;
    },
  };

  async open(mime: string) {
    this.opened.push(mime);
    return {
      append: async (bytes: Uint8Array, offset?: number) => {
        this.appended.push([bytes.length, offset]);
        if (offset !== undefined) {
          this.ends += bytes.length / 100;
        }
      },
      remove: async () => undefined,
      clear: () => undefined,
      changeType: async () => undefined,
      buffered: () => (this.ends > 0 ? [{ start: OFFSET, end: OFFSET + this.ends }] : []),
      close: () => undefined,
    };
  }

  close(): void {
    this.audio.paused = true;
  }
}

function beside(of: Segment) {
  const index: SegmentIndex = {
    segmentId: of.id,
    initId: of.initId,
    codecs: of.codecs,
    startMs: of.startMs,
    open: false,
    fragments,
  };
  const asked: string[] = [];
  const track = {
    init: async () => new Uint8Array(7),
    bytes: async (id: string, offset: number, length: number) => {
      asked.push(`${id} ${offset} ${length}`);
      return new Uint8Array(length);
    },
  };
  const whole = { ...track, segments: async () => [of], index: async () => index };
  const heard = new Heard();
  const seen = { here: OFFSET + 0.5 };
  const film: Seen = {
    positionS: () => seen.here,
    utcOf: (mediaS) => START_MS + (mediaS - OFFSET) * 1_000,
    offsetOf: (runId) => (runId === 'run' ? OFFSET : undefined),
  };
  const catalog = new ArchiveCatalog(whole, () => START_MS + 60_000);
  return { sound: new Sound(film, catalog, track, heard), heard, seen, asked };
}

beforeEach(() => {
  vi.stubGlobal('MediaSource', { isTypeSupported: (mime: string) => mime.includes('mp4a') });
  return () => vi.unstubAllGlobals();
});

describe('the sound of footage', () => {
  it('is loaded a little ahead of what is seen, in its time, and goes by it', async () => {
    const { sound, heard, seen, asked } = beside(segment());
    sound.follow(true, 1);
    expect(asked).toEqual([]);
    sound.listen(true);
    sound.follow(true, 1);
    await vi.waitFor(() => expect(heard.ends).toBe(12));
    expect(heard.opened).toEqual(['audio/mp4; codecs="mp4a.40.2"']);
    expect(heard.appended[0]).toEqual([7, undefined]);
    expect(heard.appended.slice(1).every(([, offset]) => offset === OFFSET)).toBe(true);
    // Four seconds are more than are given at once.
    expect(asked).toEqual(['s 0 400', 's 400 400', 's 800 400']);

    sound.follow(true, 1);
    expect(heard.audio).toMatchObject({ paused: false, currentTime: OFFSET + 0.5 });
    heard.audio.currentTime = seen.here + 0.1;
    sound.follow(true, 1);
    expect(heard.audio.playbackRate).toBeLessThan(1);
    heard.audio.currentTime = seen.here - 0.1;
    sound.follow(true, 2);
    expect(heard.audio.playbackRate).toBeGreaterThan(2);
    heard.audio.currentTime = seen.here;
    sound.follow(true, 1);
    expect(heard.audio).toMatchObject({ playbackRate: 1, currentTime: seen.here });
    expect(sound.isThere()).toBe(true);
    sound.close();
  });

  it('rests while nothing is played forwards, and at speeds at which nobody understands a word', async () => {
    const { sound, heard } = beside(segment());
    sound.listen(true);
    sound.follow(true, 1);
    await vi.waitFor(() => expect(heard.ends).toBeGreaterThan(1));
    for (const [playing, rate] of [
      [false, 1],
      [true, 4],
      [true, 0.25],
    ] as const) {
      sound.follow(true, 1);
      expect(heard.audio.paused).toBe(false);
      sound.follow(playing, rate);
      expect({ rate, paused: heard.audio.paused }).toEqual({ rate, paused: true });
    }
    sound.follow(true, 1);
    sound.listen(false);
    expect({ paused: heard.audio.paused, there: sound.isThere() }).toEqual({
      paused: true,
      there: undefined,
    });
    sound.close();
  });

  it.each([
    ['of a camera without a microphone', { hasAudio: false, codecs: 'avc1.640028' }],
    ['in words no browser knows', { codecs: 'avc1.640028,ulaw' }],
  ])('is not asked for where there is none: %s', async (_why, extra) => {
    const { sound, asked } = beside(segment(extra));
    sound.listen(true);
    sound.follow(true, 1);
    await vi.waitFor(() => expect(sound.isThere()).toBe(false));
    expect(asked).toEqual([]);
    sound.close();
  });
});

describe('single tracks', () => {
  it('are asked for no more at once than is given, also of what the user waits for', () => {
    expect(nextBatch(fragments, 0, 9, 3_700)).toMatchObject({ first: 0, end: 4 });
    expect(nextBatch(fragments, 0, 9)).toMatchObject({ first: 0, end: 10 });
  });
});
