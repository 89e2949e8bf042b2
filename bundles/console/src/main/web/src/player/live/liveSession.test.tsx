// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bytes, fragment, initSegment, prft, traf } from '../../../test/mp4';
import { LiveSession, type MediaListener } from './liveSession';

const T = 1_795_000_000_000;
const TRACK = { id: 1, handler: 'vide', timescale: 90_000, entry: 'avc1' } as const;
const PICTURE = { duration: 3_600, size: 100 };

/** Takes everything at once and keeps nothing. */
class Taker extends EventTarget {
  updating = false;
  timestampOffset = 0;
  buffered = { length: 0 };
  appendBuffer() {}
}

class Source extends EventTarget {
  static isTypeSupported = () => true;

  constructor() {
    super();
    queueMicrotask(() => this.dispatchEvent(new Event('sourceopen')));
  }

  addSourceBuffer = () => new Taker();
}

let onPicture: VideoFrameRequestCallback;

beforeEach(() => {
  vi.useFakeTimers({ now: T });
  vi.stubGlobal('MediaSource', Source);
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:live');
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue(undefined);
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockReturnValue(undefined);
  vi.spyOn(HTMLMediaElement.prototype, 'load').mockReturnValue(undefined);
  // jsdom has none.
  HTMLVideoElement.prototype.requestVideoFrameCallback = (asked) => {
    onPicture = asked;
    return 0;
  };
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(HTMLVideoElement.prototype, 'requestVideoFrameCallback');
});

/** A picture that was taken at T has come. */
async function session(): Promise<LiveSession> {
  const nothing = () => undefined;
  let listener = undefined as MediaListener | undefined;
  const made = new LiveSession(
    'ws',
    'sub',
    {
      opened: nothing,
      picture: nothing,
      waiting: nothing,
      undecodable: nothing,
      closed: nothing,
      blocked: nothing,
      silent: nothing,
    },
    (to) => {
      listener = to;
      return { close: nothing };
    },
  );
  listener?.init(initSegment(TRACK), 'avc1.640028');
  listener?.media(bytes(prft(TRACK.id, T), fragment(traf(TRACK.id, 0, [PICTURE]))));
  await vi.advanceTimersByTimeAsync(0);
  return made;
}

const shown = (presentationTime: number) =>
  onPicture(performance.now(), {
    mediaTime: 0,
    presentationTime,
    presentedFrames: 1,
  } as VideoFrameCallbackMetadata);

describe('the age of pictures by MSE', () => {
  it('is that at which they are shown', async () => {
    const live = await session();
    expect(live.stats().latencyMs).toBeUndefined();
    vi.advanceTimersByTime(150);
    shown(performance.now());
    expect(live.stats().latencyMs).toBeCloseTo(150);
    live.release();
  });

  it('is no higher where the page is told late', async () => {
    const live = await session();
    vi.advanceTimersByTime(150);
    const presentedMs = performance.now();
    vi.advanceTimersByTime(20);
    shown(presentedMs);
    expect(live.stats().latencyMs).toBeCloseTo(150);
    live.release();
  });
});
