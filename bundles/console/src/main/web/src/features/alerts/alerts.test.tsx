// SPDX-License-Identifier: Apache-2.0
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { useLocation } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { event } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, listing, server, userWith, withServer } from '../../../test/server';
import { useNewestEvents } from '../../api/events';
import { useSession } from '../../api/session';
import type { EventItem } from '../../api/types';
import { forgetHandled, useHandled } from '../events/handled';
import { momentOf } from '../events/whereOf';
import { AlertSettings } from './AlertSettings';
import { leastTold, type Severity, useAlertSettings, type Way } from './alertSettings';
import { closeDesktop, SHOWN_MS, showDesktop } from './desktop';
import { Fresh, worstOf } from './fresh';
import type { QuietHours } from './quiet';
import { openSound } from './sound';
import { useAlarms } from './useAlarms';
import { useAlerts } from './useAlerts';
import { REPEAT_MS, useRepeat } from './useRepeat';

withServer();

/** The browser's; what was shown, and what its user answers when asked. */
class Shown {
  static permission = 'default';
  static answer = 'granted';
  static asked = 0;
  static all: {
    title: string;
    body: string;
    tag: string;
    stays: boolean;
    closed: boolean;
    onclick?: () => void;
  }[] = [];
  static async requestPermission() {
    Shown.asked++;
    Shown.permission = Shown.answer;
    return Shown.answer;
  }
  onclick?: () => void;
  closed = false;
  constructor(
    title: string,
    { body, tag, requireInteraction }: { body: string; tag: string; requireInteraction: boolean },
  ) {
    const one = this;
    Shown.all.push({
      title,
      body,
      tag,
      stays: requireInteraction,
      get closed() {
        return one.closed;
      },
      get onclick() {
        return one.onclick;
      },
    });
  }
  close() {
    this.closed = true;
  }
}

/** Tones that were begun. */
let tones: number;
class Sounds {
  state = 'suspended';
  currentTime = 0;
  destination = {};
  async resume() {
    this.state = 'running';
  }
  createOscillator() {
    const node = { frequency: { value: 0 }, connect: (next: unknown) => next, stop: () => {} };
    return { ...node, start: () => tones++ };
  }
  createGain() {
    const gain = { setValueAtTime: () => {}, linearRampToValueAtTime: () => {} };
    return { gain, connect: (next: unknown) => next };
  }
}

const tell = (severity: Severity, ...ways: Way[]) =>
  act(() => {
    for (const way of ways) {
      useAlertSettings.getState().set(severity, way, true);
    }
  });

beforeEach(() => {
  Object.assign(Shown, { permission: 'default', answer: 'granted', asked: 0, all: [] });
  tones = 0;
  forgetHandled();
  useAlarms.setState({ alarms: [] });
  vi.stubGlobal('Notification', Shown);
  vi.stubGlobal('AudioContext', Sounds);
  vi.stubGlobal('isSecureContext', true);
  vi.spyOn(window, 'focus').mockImplementation(() => {});
  useAlertSettings.setState({ ways: { info: [], warning: [], critical: [] }, repeat: false });
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(
    ...listing([camera('a', { name: 'Gate' })]),
    http.get(api('/api/v1/events/kinds'), () => HttpResponse.json({ items: [] })),
  );
});
afterEach(() => vi.unstubAllGlobals());

describe('settings of alerts', () => {
  it('ask for what the browser asks its user for, once, where it is wanted and not before', async () => {
    renderPage(<AlertSettings />);
    expect(Shown.asked).toBe(0);
    await userEvent.click(screen.getByTestId('alerts-critical-desktop'));
    await waitFor(() => expect(useAlertSettings.getState().ways.critical).toEqual(['desktop']));
    await userEvent.click(screen.getByTestId('alerts-warning-desktop'));
    await waitFor(() => expect(useAlertSettings.getState().ways.warning).toEqual(['desktop']));
    expect(Shown.asked).toBe(1);
    expect(JSON.parse(localStorage.getItem('nxvms.alerts') ?? '').state.ways.critical).toEqual(['desktop']);
    await userEvent.click(screen.getByTestId('alerts-critical-desktop'));
    await waitFor(() => expect(useAlertSettings.getState().ways.critical).toEqual([]));
  });

  it('say what to do where notifications were refused, and are off then', async () => {
    Shown.answer = 'denied';
    renderPage(<AlertSettings />);
    await userEvent.click(screen.getByTestId('alerts-critical-desktop'));
    expect((await screen.findByTestId('alerts-desktop')).textContent).toContain(
      'told to show no notifications',
    );
    expect(useAlertSettings.getState().ways.critical).toEqual([]);
    expect((screen.getByTestId('alerts-critical-desktop') as HTMLInputElement).disabled).toBe(true);
  });

  it('say why there are none on a page that is not secure', () => {
    vi.stubGlobal('isSecureContext', false);
    renderPage(<AlertSettings />);
    expect(screen.getByTestId('alerts-desktop').textContent).toContain('https');
  });

  it('let a sound be heard when it is chosen', async () => {
    renderPage(<AlertSettings />);
    await userEvent.click(screen.getByTestId('alerts-warning-sound'));
    await waitFor(() => expect(useAlertSettings.getState().ways.warning).toEqual(['sound']));
    expect(tones).toBe(2);
  });
});

describe('what is critical', () => {
  function Unread({ waiting }: { waiting: EventItem[] }) {
    useRepeat(waiting);
    return null;
  }
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await openSound();
  });
  afterEach(() => vi.useRealTimers());

  it('sounds again and again until it was acknowledged, where that is wanted', async () => {
    tell('critical', 'sound');
    const { rerender } = render(<Unread waiting={[event('e1', 1)]} />);
    vi.advanceTimersByTime(REPEAT_MS);
    expect(tones).toBe(0);
    act(() => useAlertSettings.getState().setRepeat(true));
    vi.advanceTimersByTime(2 * REPEAT_MS);
    expect(tones).toBe(8);
    rerender(<Unread waiting={[]} />);
    vi.advanceTimersByTime(2 * REPEAT_MS);
    expect(tones).toBe(8);
  });
});

describe('alerts', () => {
  let events: EventItem[];
  let asked: string[];
  let client: QueryClient;
  let handled: ReturnType<typeof useHandled>;

  /** The quiet hours of users, as another window has set them. */
  function keep(of: Record<string, QuietHours[]>) {
    localStorage.setItem('nxvms.quiet', JSON.stringify({ state: { of }, version: 1 }));
    act(() => void window.dispatchEvent(new StorageEvent('storage', { key: 'nxvms.quiet' })));
  }

  /** A page, on which can be read to how many events it has seen. */
  function Host() {
    client = useQueryClient();
    useAlerts(true);
    handled = useHandled();
    const seen = useNewestEvents(leastTold(useAlertSettings())).data;
    const { pathname, search } = useLocation();
    return (
      <>
        <output data-testid="seen">{seen?.length}</output>
        <output data-testid="address">{`${pathname}${search}`}</output>
      </>
    );
  }

  beforeEach(() => {
    asked = [];
    events = [event('e1', 1)];
    server.use(
      http.get(api('/api/v1/events'), ({ request }) => {
        asked.push(new URL(request.url).searchParams.get('severity') ?? '');
        return HttpResponse.json({ items: events });
      }),
    );
  });

  const seen = (count: number) =>
    waitFor(() => expect(screen.getByTestId('seen').textContent).toBe(String(count)));

  /** Until the page has drawn that answer: what it makes of the one is done before it draws the next. */
  async function again(...news: EventItem[]) {
    events = [...news, ...events];
    await act(() => client.refetchQueries({ queryKey: ['events', 'alerts'] }));
    await seen(events.length);
  }

  async function begin() {
    renderPage(<Host />);
    await waitFor(() => expect(client.getQueryData(['cameras'])).toBeDefined());
    if (leastTold(useAlertSettings.getState())) {
      await seen(events.length);
    }
  }

  it('ask nobody while nothing is wanted', async () => {
    await begin();
    await waitFor(() => expect(client.isFetching()).toBe(0));
    expect(asked).toEqual([]);
  });

  it('tell of what happens, not of what was there; a click leads to it', async () => {
    Shown.permission = 'granted';
    tell('critical', 'desktop');
    await begin();
    await again(event('e2', 2));
    await waitFor(() => expect(Shown.all).toMatchObject([{ tag: 'e2' }]));
    expect(Shown.all[0]?.body).toMatch(/^Gate\n/);
    await again(event('e3', 3));
    await waitFor(() => expect(Shown.all.map(({ tag }) => tag)).toEqual(['e2', 'e3']));
    expect(new Set(asked)).toEqual(new Set(['critical']));
    act(() => Shown.all[0]?.onclick?.());
    expect(window.focus).toHaveBeenCalled();
    expect(screen.getByTestId('address').textContent).toBe(momentOf('a', event('e2', 2)));
  });

  it('lead who may see no footage to the list', async () => {
    useSession.setState({ user: { ...userWith('operator'), permissions: ['view_live', 'view_events'] } });
    Shown.permission = 'granted';
    tell('critical', 'desktop');
    await begin();
    await again(event('e2', 2));
    await waitFor(() => expect(Shown.all).toMatchObject([{ tag: 'e2' }]));
    act(() => Shown.all[0]?.onclick?.());
    expect(screen.getByTestId('address').textContent).toBe('/events?severity=critical');
  });

  it('show the camera beside the wall where that is wanted', async () => {
    useAlarms.setState({ alarms: [] });
    tell('critical', 'wall');
    await begin();
    await again(event('e2', 2, { cameraId: 'a' }));
    await waitFor(() =>
      expect(useAlarms.getState().alarms).toMatchObject([{ cameraId: 'a', event: { id: 'e2' } }]),
    );
    expect(Shown.all).toEqual([]);
  });

  it('tell of many at once that they are many', async () => {
    Shown.permission = 'granted';
    tell('warning', 'desktop');
    await begin();
    await again(...['e5', 'e4', 'e3', 'e2'].map((id) => event(id, 2, { severity: 'warning' })));
    await waitFor(() => expect(Shown.all).toMatchObject([{ title: '4 new events', tag: 'nxvms-many' }]));
  });

  it('are neither heard nor shown in quiet hours, except what is critical', async () => {
    Shown.permission = 'granted';
    const rules = [
      { id: 'q', days: [0, 1, 2, 3, 4, 5, 6], from: 0, to: 0, cameras: [], kinds: [], evenCritical: false },
    ];
    keep({ u1: rules });
    tell('critical', 'desktop');
    tell('warning', 'sound', 'desktop', 'wall');
    await begin();
    await userEvent.click(document.body);
    await again(event('e3', 3), event('e2', 2, { severity: 'warning', cameraId: 'a' }));
    await waitFor(() => expect(Shown.all.map(({ tag }) => tag)).toEqual(['e3']));
    expect(tones).toBe(0);
    // What makes no noise goes on: the camera comes beside the wall.
    expect(useAlarms.getState().alarms).toMatchObject([{ event: { id: 'e2' } }]);
    keep({});
  });

  it('take a notification away once its event was acknowledged', async () => {
    Shown.permission = 'granted';
    tell('critical', 'desktop');
    await begin();
    await again(event('e2', 2));
    await waitFor(() => expect(Shown.all).toMatchObject([{ tag: 'e2', stays: true, closed: false }]));
    act(() => handled.acknowledge(['e2']));
    await waitFor(() => expect(Shown.all[0]?.closed).toBe(true));
  });

  it('are by severity: the one is heard, the other seen', async () => {
    Shown.permission = 'granted';
    tell('critical', 'sound');
    tell('warning', 'desktop');
    await begin();
    await userEvent.click(document.body);
    await again(event('e3', 3, { severity: 'critical' }), event('e2', 2, { severity: 'warning' }));
    await waitFor(() => expect(Shown.all.map(({ tag }) => tag)).toEqual(['e2']));
    await waitFor(() => expect(tones).toBe(4));
  });
});

describe('a notification', () => {
  const show = (tag: string, stays: boolean) =>
    showDesktop({ title: 'Motion', body: 'Gate', tag, stays, onClick: () => undefined });
  beforeEach(() => {
    Shown.permission = 'granted';
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => vi.useRealTimers());

  it('goes after 15 seconds', () => {
    show('n1', false);
    vi.advanceTimersByTime(SHOWN_MS - 1);
    expect(Shown.all).toMatchObject([{ tag: 'n1', stays: false, closed: false }]);
    vi.advanceTimersByTime(1);
    expect(SHOWN_MS).toBe(15_000);
    expect(Shown.all[0]?.closed).toBe(true);
  });

  it('of what has to be acknowledged stays until then', () => {
    show('n2', true);
    vi.advanceTimersByTime(100 * SHOWN_MS);
    expect(Shown.all).toMatchObject([{ stays: true, closed: false }]);
    closeDesktop('n2');
    expect(Shown.all[0]?.closed).toBe(true);
  });

  it('that has taken the place of another has its own 15 seconds', () => {
    show('n3', false);
    vi.advanceTimersByTime(10_000);
    show('n3', false);
    vi.advanceTimersByTime(10_000);
    expect(Shown.all.map(({ closed }) => closed)).toEqual([false, false]);
    vi.advanceTimersByTime(5_000);
    expect(Shown.all[1]?.closed).toBe(true);
  });
});

describe('alerts beside the wall', () => {
  it('are switched for themselves, and kept', async () => {
    renderPage(<AlertSettings />);
    await userEvent.click(screen.getByTestId('alerts-critical-wall'));
    await waitFor(() => expect(useAlertSettings.getState().ways.critical).toEqual(['wall']));
    expect(leastTold(useAlertSettings.getState())).toBe('critical');
  });
});

describe('what is new', () => {
  it('is nothing at the first look, and each event once', () => {
    const fresh = new Fresh();
    const [a, b, c] = ['1', '2', '3'].map((id) => event(id, 1));
    if (!a || !b || !c) {
      throw new Error('three were made');
    }
    expect(fresh.of([a])).toEqual([]);
    expect(fresh.of([c, b, a])).toEqual([c, b]);
    expect(fresh.of([c, b, a])).toEqual([]);
    expect(new Fresh().of([])).toEqual([]);
    expect(worstOf([event('1', 1, { severity: 'odd' }), event('2', 1, { severity: 'warning' })])).toBe(
      'warning',
    );
  });
});
