// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { camera, listing, server, withServer } from '../../../test/server';
import { kioskAddress, windowIn } from './kiosk';
import { keepPlace } from './useOwnPlace';
import { useWall } from './useWall';
import { WindowMenu } from './WindowMenu';
import { type Screen, useWindows, WINDOWS_MAX } from './windows';

const said = vi.hoisted(() => ({ toasts: [] as string[] }));
vi.mock('../../ui/toast', () => ({ toast: (text: string) => said.toasts.push(text) }));

withServer();

const open = vi.fn<(address: string, name: string, features: string) => Window | null>();
const kept = () => useWindows.getState().windows;
const LEFT: Screen = { label: 'Left', availLeft: -1920, availTop: 24, availWidth: 1920, availHeight: 1056 };

/** What a browser with several screens has; it tells of them when somebody allows it. */
function severalScreens(state: 'granted' | 'prompt' | 'denied') {
  const getScreenDetails = vi.fn(async () => {
    if (state === 'denied') {
      throw new DOMException('no', 'NotAllowedError');
    }
    return { screens: [LEFT] };
  });
  Object.assign(window, { getScreenDetails });
  Object.defineProperty(navigator, 'permissions', {
    configurable: true,
    value: { query: async () => ({ state }) },
  });
  return getScreenDetails;
}

beforeEach(() => {
  said.toasts = [];
  open.mockReset().mockReturnValue(window);
  vi.stubGlobal('open', open);
  useWindows.setState({ windows: [] });
  useWall.getState().clear();
  useWall.getState().setGrid('4');
  useWall.getState().put(1, 'gate');
  server.use(...listing([camera('gate', { name: 'Gate' })]));
});
afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(window, 'getScreenDetails');
  Reflect.deleteProperty(navigator, 'permissions');
});

async function choose(item: string) {
  await userEvent.click(screen.getByTestId('wall-windows'));
  await userEvent.click(await screen.findByTestId(item));
}

describe('windows', () => {
  it('show the wall or a tile, and are opened again where they stood', async () => {
    renderPage(<WindowMenu />);
    await choose('wall-window');
    const [address, name, features] = open.mock.calls[0] ?? [];
    expect(address).toMatch(/^\/console\/live\?kiosk=?&grid=4&cells=%2Cgate%2C%2C&window=nxvms-/);
    expect(windowIn(address?.split('?')[1] ?? '')).toBe(name);
    expect(features).toBe('popup,width=1280,height=720');
    await choose('tile-window');
    expect(open.mock.calls[1]?.[0]).toContain('grid=1&cells=gate');

    const bounds = { left: -1900, top: 40, width: 800, height: 600 };
    useWindows.getState().keep({ id: 'w3', address: '/console/live?kiosk&layout=Night', bounds, atMs: 0 });
    open.mockClear();
    await choose('windows-restore');
    expect(open.mock.calls).toHaveLength(3);
    expect(open.mock.calls.find(([, id]) => id === 'w3')).toEqual([
      '/console/live?kiosk=&layout=Night&window=w3',
      'w3',
      'popup,left=-1900,top=40,width=800,height=600',
    ]);
    expect(said.toasts).toEqual([]);
    await choose('windows-forget');
    expect(kept()).toEqual([]);
  });

  it('that the browser does not open are said, and not kept', async () => {
    open.mockReturnValue(null);
    renderPage(<WindowMenu />);
    await choose('wall-window');
    await waitFor(() => expect(said.toasts).toHaveLength(1));
    expect(kept()).toEqual([]);
    useWindows.getState().keep({ id: 'a', address: '/console/live?kiosk', atMs: 1 });
    useWindows.getState().keep({ id: 'b', address: '/console/live?kiosk', atMs: 2 });
    await choose('windows-restore');
    expect(said.toasts[1]).toMatch(/2 windows/);
  });

  it('go to the screen that is chosen, which the browser tells when it is allowed', async () => {
    const told = severalScreens('prompt');
    renderPage(<WindowMenu />);
    await userEvent.click(screen.getByTestId('wall-windows'));
    await userEvent.click(await screen.findByTestId('wall-screens'));
    await userEvent.click(await screen.findByTestId('wall-screen-1'));
    expect(told).toHaveBeenCalledOnce();
    expect(open.mock.calls[0]?.[2]).toBe('popup,left=-1920,top=24,width=1920,height=1056');
    expect(kept()).toMatchObject([{ bounds: { left: -1920, top: 24, width: 1920, height: 1056 } }]);
  });

  it('are on no other screen where the browser knows of none', async () => {
    renderPage(<WindowMenu />);
    await userEvent.click(screen.getByTestId('wall-windows'));
    await screen.findByTestId('wall-window');
    expect(screen.queryByTestId('wall-screens')).toBeNull();
  });

  it('are on no other screen where that is refused', async () => {
    const told = severalScreens('denied');
    renderPage(<WindowMenu />);
    await userEvent.click(screen.getByTestId('wall-windows'));
    await userEvent.click(await screen.findByTestId('wall-screens'));
    await waitFor(() => expect(told).toHaveBeenCalledOnce());
    expect(screen.queryByTestId('wall-screen-1')).toBeNull();
  });

  it('tell where they stand and what they show, also when that changes', () => {
    vi.useFakeTimers();
    try {
      const wall = () => kioskAddress(useWall.getState().grid, useWall.getState().cells);
      const end = keepPlace('w1', wall, useWall.subscribe);
      expect(kept()).toMatchObject([{ id: 'w1', bounds: { left: window.screenX } }]);
      expect(kept()[0]?.address).toContain('cells=,gate,,');
      useWall.getState().put(0, 'yard');
      expect(kept()[0]?.address).toContain('cells=yard,gate,,');
      vi.stubGlobal('screenX', 700);
      vi.advanceTimersByTime(2_000);
      expect(kept()).toMatchObject([{ id: 'w1', bounds: { left: 700 } }]);
      end();
      vi.stubGlobal('screenX', 900);
      vi.advanceTimersByTime(10_000);
      expect(kept()).toMatchObject([{ id: 'w1', bounds: { left: 700 } }]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('with footage are told of by what they show, and of the moment when they go', () => {
    vi.useFakeTimers();
    try {
      let moment = 1;
      let cameras = 'a,b';
      const end = keepPlace('w2', () => `/console/playback?cameras=${cameras}&t=${moment}&clock=desk&kiosk`);
      const told = vi.fn();
      const leave = useWindows.subscribe(told);
      moment = 2;
      vi.advanceTimersByTime(10_000);
      expect(told, 'time that goes on is no news').not.toHaveBeenCalled();
      cameras = 'a,c';
      vi.advanceTimersByTime(2_000);
      expect(kept()[0]?.address).toBe('/console/playback?cameras=a,c&t=2&clock=desk&kiosk');
      moment = 3;
      window.dispatchEvent(new Event('pagehide'));
      expect(kept()).toHaveLength(1);
      expect(kept()[0]?.address).toContain('&t=3&clock=desk');
      end();
      leave();
      moment = 4;
      window.dispatchEvent(new Event('pagehide'));
      expect(kept()[0]?.address).toContain('&t=3&');
    } finally {
      vi.useRealTimers();
    }
  });

  it('are no more than a desk has; the oldest are forgotten', () => {
    for (let at = 0; at <= WINDOWS_MAX; at++) {
      useWindows.getState().keep({ id: `w${at}`, address: '/console/live?kiosk', atMs: at });
    }
    expect(kept().map(({ id }) => id)).toEqual(['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8']);
  });
});
