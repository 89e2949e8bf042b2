// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveEngine } from './liveEngine';
import { useLiveWish } from './liveWish';
import type { Session, SessionEvents, Way } from './session';
import { noteOpen } from './ways';

beforeEach(() => {
  for (const way of ['webrtc', 'ws', 'hls'] as const) {
    noteOpen(way);
  }
  useLiveWish.getState().setWay('auto');
});

describe('the live player', () => {
  interface Made {
    way: Way;
    stream: string;
    events: SessionEvents;
    released: boolean;
    sound: boolean;
    video: HTMLVideoElement;
  }

  function scene() {
    const made: Made[] = [];
    const engine = new LiveEngine('a', 'main', (way, _camera, stream, events, sound): Session => {
      const video = document.createElement('video');
      video.muted = true;
      const one: Made = { way, stream, events, released: false, sound: sound === true, video };
      made.push(one);
      return {
        way,
        stream,
        video,
        stats: () => ({
          width: 640,
          height: 360,
          framesPerSecond: 25,
          kilobitsPerSecond: 500,
          droppedFrames: 0,
          skippedUnits: 0,
          bufferedAheadMs: 0,
        }),
        close: () => undefined,
        release: () => {
          one.released = true;
        },
      };
    });
    engine.attach(document.createElement('div'));
    engine.play();
    const newest = () => made[made.length - 1] as Made;
    return { engine, made, newest };
  }

  it('goes to the next way at once and says why', () => {
    const { engine, made, newest } = scene();
    newest().events.blocked('network');
    newest().events.blocked('server', 'too many watch');
    newest().events.picture();
    expect(made.map(({ way }) => way)).toEqual(['webrtc', 'ws', 'hls']);
    expect(made.map(({ released }) => released)).toEqual([true, true, false]);
    expect(engine.state().phase).toBe('live');
    expect(engine.stats()).toMatchObject({
      engine: 'hls',
      blocked: [
        { way: 'webrtc', why: 'network' },
        { way: 'ws', why: 'server', detail: 'too many watch' },
      ],
    });
    engine.dispose();
  });

  it('keeps the picture until the other stream is there, and tries the soonest way for that again', () => {
    const { engine, made, newest } = scene();
    newest().events.blocked('stream', 'B-frames');
    newest().events.picture();
    engine.switchTo('sub');
    expect(newest()).toMatchObject({ way: 'webrtc', stream: 'sub' });
    expect(made[1]?.released).toBe(false);
    newest().events.picture();
    expect(made[1]?.released).toBe(true);
    expect(engine.state()).toMatchObject({ phase: 'live', stream: 'sub' });
    engine.dispose();
  });

  it('tries again after a while when no way is left, and not before', () => {
    vi.useFakeTimers();
    try {
      const { engine, made, newest } = scene();
      for (let way = 0; way < 4; way++) {
        newest().events.blocked('server');
      }
      const tried = made.length;
      expect(made.slice(0, 3).map(({ way }) => way)).toEqual(['webrtc', 'ws', 'hls']);
      vi.advanceTimersByTime(100);
      expect(made.length).toBe(tried);
      engine.dispose();
    } finally {
      vi.useRealTimers();
    }
  });

  it('asks by the socket why nothing comes any more', () => {
    vi.useFakeTimers();
    try {
      const { engine, made, newest } = scene();
      newest().events.picture();
      vi.advanceTimersByTime(4_000);
      expect(engine.state().phase).toBe('stalled');
      expect(newest().way).toBe('ws');
      const asked = newest();
      made[0]?.events.picture();
      expect(asked.released).toBe(true);
      expect(engine.state().phase).toBe('live');
      expect(engine.stats().engine).toBe('webrtc');
      vi.advanceTimersByTime(4_000);
      newest().events.waiting('camera_unreachable', 'refused');
      expect(engine.state()).toMatchObject({ phase: 'offline', cause: 'camera_unreachable' });
      engine.dispose();
    } finally {
      vi.useRealTimers();
    }
  });

  it('misses no pictures while nobody sees it, and is as it was when it is seen again', () => {
    vi.useFakeTimers();
    try {
      const { engine, made, newest } = scene();
      newest().events.picture();
      engine.see(false);
      // The browser presents none of what a maximised tile hides.
      vi.advanceTimersByTime(4_500);
      engine.see(true);
      vi.advanceTimersByTime(1_000);
      expect(made).toHaveLength(1);
      expect(engine.state().phase).toBe('live');
      vi.advanceTimersByTime(3_000);
      expect(engine.state().phase, 'seen, and still nothing comes').toBe('stalled');
      engine.dispose();
    } finally {
      vi.useRealTimers();
    }
  });

  it('waits by the socket for a camera that is away, asks seldom, and takes the soonest way once it is back', () => {
    vi.useFakeTimers();
    try {
      const { engine, made, newest } = scene();
      engine.expectNothing(true);
      newest().events.blocked('server', 'Nothing comes from the camera');
      expect(made.map(({ way }) => way)).toEqual(['webrtc', 'ws']);
      newest().events.waiting('camera_unreachable', 'refused');
      newest().events.closed(1013, 'try again');
      vi.advanceTimersByTime(20_000);
      expect(made, 'nothing is asked for').toHaveLength(2);
      engine.expectNothing(false);
      expect(newest().way, 'as soon as its state says so').toBe('webrtc');
      expect(made).toHaveLength(3);
      engine.dispose();
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes only the way that is asked for, says what is wrong with it, and changes when another is asked for', () => {
    useLiveWish.getState().setWay('webrtc');
    const { engine, made, newest } = scene();
    newest().events.blocked('network');
    expect(made.map(({ way }) => way)).toEqual(['webrtc']);
    expect(engine.state()).toMatchObject({ phase: 'no-way', blocked: { way: 'webrtc', why: 'network' } });
    useLiveWish.getState().setWay('hls');
    expect(newest().way).toBe('hls');
    newest().events.picture();
    expect(engine.state().phase).toBe('live');
    expect(engine.state().blocked).toBeUndefined();
    useLiveWish.getState().setWay('auto');
    // What was found closed is still known.
    expect(newest().way).toBe('ws');
    expect(made[1]?.released).toBe(false);
    engine.dispose();
  });

  it('brings the sound with the next picture, by another way when it does not come by the first', () => {
    const { engine, made, newest } = scene();
    newest().events.picture();
    expect(made[0]).toMatchObject({ way: 'webrtc', sound: false });
    engine.listen(true);
    expect(newest()).toMatchObject({ way: 'webrtc', sound: true });
    newest().events.silent();
    expect(newest()).toMatchObject({ way: 'ws', sound: true });
    expect(made[0]?.released).toBe(false);
    expect(newest().video.muted).toBe(true);
    newest().events.picture();
    expect(newest().video.muted).toBe(false);
    expect(engine.stats().blocked).toEqual([{ way: 'webrtc', why: 'sound', detail: undefined }]);
    const heard = newest();
    engine.listen(false);
    expect(heard.video.muted).toBe(true);
    expect(newest()).toMatchObject({ way: 'webrtc', sound: false });
    engine.dispose();
  });

  it('says what a server that has no room for it answers', () => {
    const { engine, newest } = scene();
    newest().events.closed(1013, 'four streams are encoded already');
    expect(engine.state()).toMatchObject({
      phase: 'connecting',
      detail: 'four streams are encoded already',
    });
    engine.dispose();
  });
});
