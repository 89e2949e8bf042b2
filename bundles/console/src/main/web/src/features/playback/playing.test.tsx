// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import { usePlaybackKeys } from './usePlaybackKeys';
import { RATES, rateBeside, usePlaying } from './usePlaying';

/** A player that notes what it is told. */
function noted() {
  const told: string[] = [];
  const player = {
    setRate: (rate: number) => told.push(`${rate}x`),
    play: () => told.push('play'),
    pause: () => told.push('pause'),
  } as unknown as ArchiveEngine;
  return { told, player };
}

describe('playing', () => {
  it('goes forwards and backwards at the chosen speed, and stands still when it is asked again', () => {
    const { told, player } = noted();
    const { result } = renderHook(() => usePlaying(player));
    act(() => result.current.changeRate(4));
    act(() => result.current.toggle(-1));
    expect(result.current).toMatchObject({ direction: -1, rate: 4 });
    act(() => result.current.toggle(1));
    expect(result.current.direction).toBe(1);
    act(() => result.current.toggle(1));
    expect(result.current.direction).toBe(0);
    expect(told).toEqual(['4x', '-4x', 'play', '4x', 'play', 'pause', '4x']);
  });

  it('doubles its speed up to sixteen, and begins at the usual one when it turns round', () => {
    const { told, player } = noted();
    const { result } = renderHook(() => usePlaying(player));
    for (let n = 0; n < 7; n++) {
      act(() => result.current.faster(-1));
    }
    expect(told.filter((one) => one.endsWith('x'))).toEqual([
      '-1x',
      '-2x',
      '-4x',
      '-8x',
      '-16x',
      '-16x',
      '-16x',
    ]);
    act(() => result.current.faster(1));
    expect(result.current).toMatchObject({ direction: 1, rate: 1 });
    for (const rate of [2, 4, 8, 16, 16]) {
      act(() => result.current.faster(1));
      expect(result.current).toMatchObject({ direction: 1, rate });
    }
    act(() => result.current.changeRate(0.25));
    act(() => result.current.stopped());
    expect(result.current).toMatchObject({ direction: 0, rate: 0.25 });
    expect(told.at(-1)).toBe('0.25x');
  });

  it('goes by each speed in both directions, one step at a time', () => {
    for (const direction of [-1, 1] as const) {
      const { told, player } = noted();
      const { result } = renderHook(() => usePlaying(player));
      act(() => result.current.faster(direction));
      for (let n = 0; n < 3; n++) {
        act(() => result.current.changeRate(rateBeside(result.current.rate, -1)));
      }
      for (let n = 0; n < RATES.length; n++) {
        act(() => result.current.changeRate(rateBeside(result.current.rate, 1)));
      }
      expect(told.filter((one) => one.endsWith('x'))).toEqual(
        [1, 0.5, 0.25, 0.25, 0.5, 1, 2, 4, 8, 16, 16].map((rate) => `${direction * rate}x`),
      );
    }
  });
});

describe('keys of playback', () => {
  it('play both ways, go to events and enlarge', () => {
    const done: string[] = [];
    const note = (what: string) => (value?: number) => {
      done.push(value === undefined ? what : `${what} ${value}`);
    };
    renderHook(() =>
      usePlaybackKeys({
        toggle: note('toggle'),
        faster: note('faster'),
        changeSpeed: note('speed'),
        toChunk: note('chunk'),
        toOldest: note('oldest'),
        toLive: note('live'),
        step: note('step'),
        jump: note('jump'),
        toEvent: note('event'),
        zoom: note('zoom'),
        chooseFrom: note('from'),
        chooseTo: note('to'),
        chooseNone: note('none'),
        zoomChosen: note('all of it'),
        bookmark: note('bookmark'),
        exportFootage: note('export'),
        listRecordings: note('recordings'),
        goTo: note('go to'),
      }),
    );
    for (const key of ['l', 'j', ',', '.', 'ArrowUp', 'ArrowDown', '+', '-', '0', ' ', 'e', 'g']) {
      fireEvent.keyDown(document.body, { key });
    }
    for (const key of ['u', 'o', 'Home', 'End', '<', '>', 'r']) {
      fireEvent.keyDown(document.body, { key });
    }
    fireEvent.keyDown(document.body, { key: 'ArrowLeft', shiftKey: true });
    fireEvent.keyDown(document.body, { key: 'ArrowRight', shiftKey: true });
    fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
    expect(done).toEqual([
      'faster 1',
      'faster -1',
      'step -1',
      'step 1',
      'event 1',
      'event -1',
      'zoom 1',
      'zoom -1',
      'zoom 0',
      'toggle',
      'export',
      'go to',
      'jump -60000',
      'jump 60000',
      'oldest',
      'live',
      'speed -1',
      'speed 1',
      'recordings',
      'chunk -1',
      'chunk 1',
    ]);
  });
});
