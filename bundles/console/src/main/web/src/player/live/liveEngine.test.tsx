// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveEngine } from './liveEngine';
import type { Session, SessionEvents, Way } from './session';
import { noteOpen } from './ways';

beforeEach(() => {
  for (const way of ['webrtc', 'ws', 'hls'] as const) {
    noteOpen(way);
  }
});

describe('the live player', () => {
  interface Made {
    way: Way;
    stream: string;
    events: SessionEvents;
    released: boolean;
  }

  function scene() {
    const made: Made[] = [];
    const engine = new LiveEngine('a', 'main', (way, _camera, stream, events): Session => {
      const one: Made = { way, stream, events, released: false };
      made.push(one);
      return {
        way,
        stream,
        video: document.createElement('video'),
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
});
