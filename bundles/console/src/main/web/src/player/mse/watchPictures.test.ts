// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchPictures } from './video';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A video that shows a picture when the test says so. */
function scene() {
  const asked: VideoFrameRequestCallback[] = [];
  const video = {
    requestVideoFrameCallback: (callback: VideoFrameRequestCallback) => asked.push(callback),
  } as unknown as HTMLVideoElement;
  let shown = 0;
  const show = () => {
    shown++;
    for (const callback of asked.splice(0)) {
      callback(performance.now(), { presentedFrames: shown } as VideoFrameCallbackMetadata);
    }
  };
  return { video, show };
}

describe('pictures of a video', () => {
  it('are told of from the first on, some each second, of all videos at the same moments', () => {
    const [one, two] = [scene(), scene()];
    const told: string[] = [];
    const watch = (name: string) => (metadata: VideoFrameCallbackMetadata) => {
      told.push(`${name} ${metadata.presentedFrames} at ${performance.now() % 1_000}`);
      return false;
    };
    vi.advanceTimersByTime(250 - (performance.now() % 250));
    const ends = [watchPictures(one.video, watch('one')), watchPictures(two.video, watch('two'))];
    for (let n = 0; n < 15; n++) {
      one.show();
      vi.advanceTimersByTime(20);
      two.show();
      vi.advanceTimersByTime(20);
    }
    const pictures = told.map((one) => one.split(' at ')[0]);
    expect(pictures).toEqual(['one 1', 'two 1', 'two 7', 'one 8', 'two 13', 'one 14']);
    for (const end of ends) {
      end();
    }
    vi.advanceTimersByTime(500);
    one.show();
    expect(told).toHaveLength(6);
  });

  it('are told of one by one where each matters', () => {
    const { video, show } = scene();
    const told: number[] = [];
    const end = watchPictures(video, ({ presentedFrames }) => told.push(presentedFrames) < 3);
    for (let n = 0; n < 5; n++) {
      show();
    }
    expect(told).toEqual([1, 2, 3]);
    vi.advanceTimersByTime(250);
    show();
    expect(told).toEqual([1, 2, 3, 6]);
    end();
  });
});
