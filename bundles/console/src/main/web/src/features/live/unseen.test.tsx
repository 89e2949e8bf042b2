// SPDX-License-Identifier: Apache-2.0
import { act, render } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useLiveWish } from '../../player/live/liveWish';
import { useLivePlayer } from './useLivePlayer';

/** What players are told; a tile that nobody sees has no use for pictures. */
const told = vi.hoisted(() => [] as string[]);

vi.mock('../../player/live/liveEngine', () => ({
  LiveEngine: class {
    constructor(cameraId: string, stream: string) {
      told.push(`new ${cameraId} ${stream}`);
    }
    attach() {}
    listen() {}
    expectNothing() {}
    see(on: boolean) {
      told.push(on ? 'seen' : 'unseen');
    }
    switchTo() {}
    onScreen() {
      return undefined;
    }
    subscribe() {
      return () => undefined;
    }
    state() {
      return null;
    }
    play() {
      told.push('play');
    }
    pause() {
      told.push('pause');
    }
    dispose() {
      told.push('dispose');
    }
  },
}));

/** The browser's, by which the test says whether the tile is on the screen. */
class Watched {
  static say: (isIntersecting: boolean) => void = () => undefined;
  constructor(private readonly changed: (entries: { isIntersecting: boolean }[]) => void) {}
  observe() {
    Watched.say = (isIntersecting) => this.changed([{ isIntersecting }]);
  }
  disconnect() {}
}

let hidden = false;

function Tile() {
  const host = useRef<HTMLDivElement>(null);
  useLivePlayer('gate', 'sub', host);
  return <div ref={host} />;
}

function turn(now: boolean) {
  hidden = now;
  document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  told.length = 0;
  hidden = false;
  vi.useFakeTimers();
  vi.stubGlobal('IntersectionObserver', Watched);
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
  useLiveWish.setState({ unseen: false });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a tile off the screen, or in a tab that is not seen, stops within five seconds and goes on by itself', () => {
  const { unmount } = render(<Tile />);
  act(() => Watched.say(true));
  expect(told).toEqual(['new gate sub', 'seen', 'play']);

  told.length = 0;
  act(() => Watched.say(false));
  vi.advanceTimersByTime(1_000);
  expect(told, 'scrolled past').toEqual(['unseen']);
  vi.advanceTimersByTime(4_000);
  expect(told).toEqual(['unseen', 'pause']);
  act(() => Watched.say(true));
  expect(told).toEqual(['unseen', 'pause', 'seen', 'play']);

  told.length = 0;
  turn(true);
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual(['pause']);
  turn(false);
  expect(told).toEqual(['pause', 'play']);

  told.length = 0;
  unmount();
  turn(true);
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual(['dispose']);
});

it('a tile goes on unseen where this device was told so', () => {
  useLiveWish.setState({ unseen: true });
  render(<Tile />);
  act(() => Watched.say(true));
  told.length = 0;
  turn(true);
  vi.advanceTimersByTime(60_000);
  expect(told).not.toContain('pause');
  act(() => useLiveWish.getState().setUnseen(false));
  vi.advanceTimersByTime(5_000);
  expect(told).toContain('pause');
});
