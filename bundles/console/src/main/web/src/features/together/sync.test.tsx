// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, renderHook, screen } from '@testing-library/react';
import { useLocation } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { serverClock } from '../../api/serverClock';
import { SyncClock } from '../../player/together/syncClock';
import type { Palette } from '../playback/drawTimeline';
import { EMPTY_LANE } from '../playback/timelineData';
import { drawLanes, ROW_PX } from './drawLanes';
import { SyncButton } from './SyncButton';
import { useAddressMoment } from './useAddressMoment';
import { useTogether } from './useTogether';

const START = Date.parse('2026-11-25T10:00:00Z');

beforeEach(() => {
  vi.spyOn(serverClock, 'now').mockReturnValue(START + 3_600_000);
});

function together(ids = ['a', 'b'], selected = 'a', rate = 1) {
  return renderHook(({ cameras, one }) => useTogether(START, cameras, one, rate, () => undefined), {
    initialProps: { cameras: ids, one: selected },
  });
}

describe('cameras that go each its own way', () => {
  it('begin where they were together, and come together again where the selected one is', () => {
    const { result, rerender } = together();
    const at = (id: string) => result.current.groupOf(id).clock.position() - START;
    expect(result.current.synced).toBe(true);
    expect(result.current.groupOf('a')).toBe(result.current.groupOf('b'));
    act(() => result.current.group.clock.seek(START + 5_000));
    act(() => result.current.setSynced(false));
    expect([at('a'), at('b')]).toEqual([5_000, 5_000]);
    act(() => result.current.group.clock.seek(START + 9_000));
    expect([at('a'), at('b')]).toEqual([9_000, 5_000]);
    rerender({ cameras: ['a', 'b'], one: 'b' });
    act(() => result.current.group.clock.seek(START + 1_000));
    expect([at('a'), at('b')]).toEqual([9_000, 1_000]);
    act(() => result.current.setSynced(true));
    expect([at('a'), at('b')]).toEqual([1_000, 1_000]);
  });

  it('are played and stopped one by one', () => {
    const { result, rerender } = together();
    act(() => result.current.setSynced(false));
    act(() => result.current.toggle(1));
    expect(result.current.direction).toBe(1);
    expect(result.current.groupOf('b').clock.wanted()).toBe(0);
    rerender({ cameras: ['a', 'b'], one: 'b' });
    expect(result.current.direction).toBe(0);
    act(() => result.current.faster(-1));
    expect(result.current.groupOf('a').clock.wanted()).toBe(1);
    expect(result.current.groupOf('b').clock.wanted()).toBe(-1);
  });

  it('get a way of their own when they are added later', () => {
    const { result, rerender } = together();
    act(() => result.current.setSynced(false));
    rerender({ cameras: ['a', 'b', 'c'], one: 'a' });
    act(() => result.current.groupOf('c').clock.seek(START + 3_000));
    expect(result.current.groupOf('a').clock.position()).toBe(START);
    expect(result.current.groupOf('c').clock.position()).toBe(START + 3_000);
  });

  it('begin with the speed of the address', () => {
    const { result } = together(['a'], 'a', 4);
    expect(result.current.rate).toBe(4);
    act(() => result.current.toggle(1));
    expect(result.current.group.clock.wanted()).toBe(4);
  });

  it('are told by a button that is pressed or not', () => {
    const told = vi.fn();
    renderPage(<SyncButton synced={false} onChange={told} />);
    const button = screen.getByTestId('together-sync');
    expect(button.getAttribute('aria-pressed')).toBe('false');
    fireEvent.click(button);
    expect(told).toHaveBeenCalledWith(true);
  });
});

describe('their lanes', () => {
  it('have a mark each where its camera is', () => {
    const rects: { style: unknown; x: number; y: number; width: number; height: number }[] = [];
    const canvas = {
      fillStyle: '' as unknown,
      globalAlpha: 1,
      clearRect: () => undefined,
      fillText: () => undefined,
      measureText: () => ({ width: 20 }),
      fillRect(x: number, y: number, width: number, height: number) {
        rects.push({ style: this.fillStyle, x, y, width, height });
      },
    };
    drawLanes(canvas as unknown as CanvasRenderingContext2D, 1_000, {
      view: { from: 0, to: 1_000 },
      rows: [
        { name: 'a', lane: EMPTY_LANE, selected: true, positionMs: 100 },
        { name: 'b', lane: EMPTY_LANE, selected: false, positionMs: 700 },
      ],
      nowMs: 5_000,
      palette: { playhead: 'mark' } as Palette,
    });
    expect(rects.filter(({ style }) => style === 'mark')).toEqual([
      { style: 'mark', x: 99, y: 0, width: 2, height: ROW_PX },
      { style: 'mark', x: 699, y: ROW_PX, width: 2, height: ROW_PX },
    ]);
  });
});

describe('the address', () => {
  afterEach(() => vi.useRealTimers());

  function Page({ clock, rate }: { clock: SyncClock; rate: number }) {
    useAddressMoment(
      clock,
      rate,
      () => undefined,
      () => undefined,
    );
    return <output data-testid="search">{useLocation().search}</output>;
  }

  it('has cameras, moment and speed', () => {
    vi.useFakeTimers();
    const clock = new SyncClock(START, () => START + 100_000);
    renderPage(<Page clock={clock} rate={4} />, '/playback?cameras=a,b&t=2026-11-25T10:00:00.000Z');
    act(() => vi.advanceTimersByTime(2_000));
    const search = new URLSearchParams(screen.getByTestId('search').textContent ?? '');
    expect(Object.fromEntries(search)).toEqual({ cameras: 'a,b', t: '2026-11-25T10:00:00.000Z', speed: '4' });
  });
});
