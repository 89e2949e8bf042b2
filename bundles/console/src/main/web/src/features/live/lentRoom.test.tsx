// SPDX-License-Identifier: Apache-2.0
import { act, screen } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { event, STATUS } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { useAlarms } from '../alerts/useAlarms';
import { LivePage } from './LivePage';
import { streamFor } from './streamChoice';
import { useWall } from './useWall';

// No pictures are played here: which streams are asked for is noted.
const asked = vi.hoisted(() => new Map<string, Set<unknown>>());

vi.mock('./useLivePlayer', () => ({
  useLivePlayer: (cameraId: string, stream: unknown) => {
    if (stream) {
      asked.set(cameraId, (asked.get(cameraId) ?? new Set()).add(stream));
    }
    return { player: undefined, state: { phase: 'live', lastPictureAtMs: 0 } };
  },
}));

withServer();

const stream = (role: 'main' | 'sub', width: number, height: number) => ({
  role,
  name: role,
  state: 'recording',
  width,
  height,
  bitrateBps: 0,
  framesPerSecond: 0,
});
const BOTH = { ...STATUS, streams: [stream('main', 1920, 1080), stream('sub', 640, 360)] };

/** A wall of two by two upon 1920x1080, without and with the strip below it. */
const WHOLE = { wall: 866, tile: { width: 826, height: 428 } };
const LENDING = { wall: 546, tile: { width: 826, height: 268 }, strip: 320 };
const now = () => (screen.queryByTestId('alarm-strip') ? LENDING : WHOLE);

const watched = new Map<Element, () => void>();
const style = document.createElement('style');

beforeEach(() => {
  asked.clear();
  watched.clear();
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(private readonly told: () => void) {}
      observe(element: Element) {
        watched.set(element, this.told);
      }
      unobserve() {}
      disconnect() {}
    },
  );
  style.textContent = '[data-wall] { display: grid; }';
  document.head.append(style);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockImplementation(() => now().tile.width);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockImplementation(() => now().tile.height);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(function (this: HTMLElement) {
    return this.dataset.wall ? now().wall : this.dataset.lent ? LENDING.strip : 0;
  });
  useAlarms.setState({ alarms: [] });
  useWall.getState().clear();
  useWall.getState().setGrid('4');
  useWall.getState().put(0, 'yard');
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(
    ...listing([camera('yard', { status: BOTH }), camera('gate', { permissions: ['view_live'] })]),
    http.get(api('/api/v1/events/kinds'), () => HttpResponse.json({ items: [] })),
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  style.remove();
});

/** The tile is told that it was laid out anew, and its size has settled. */
function laidOut() {
  vi.useFakeTimers();
  const tile = screen.getByTestId('tile-state-0');
  const told = [...watched].filter(([element]) => tile.contains(element));
  expect(told).not.toHaveLength(0);
  act(() => {
    for (const [, tell] of told) {
      tell();
    }
    vi.advanceTimersByTime(1_000);
  });
  vi.useRealTimers();
}

describe('tiles of a wall that lends room to an alarm', () => {
  it('keep their streams when it comes and when it goes', async () => {
    // Of the smaller tile alone the small stream would be the one.
    expect(streamFor({ status: BOTH }, LENDING.tile, 'main')).toBe('sub');
    renderPage(<LivePage />);
    await screen.findByTestId('tile-state-0');
    expect([...(asked.get('yard') ?? [])]).toEqual(['main']);

    act(() => useAlarms.getState().add([event('e1', 1, { cameraId: 'gate', severity: 'critical' })]));
    await screen.findByTestId('alarm-gate');
    laidOut();
    expect([...(asked.get('yard') ?? [])]).toEqual(['main']);

    act(() => useAlarms.getState().close('gate'));
    expect(screen.queryByTestId('alarm-strip')).toBeNull();
    laidOut();
    expect([...(asked.get('yard') ?? [])]).toEqual(['main']);
  });
});
