// SPDX-License-Identifier: Apache-2.0
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { useLocation } from 'react-router';
import { beforeEach, describe, expect, it } from 'vitest';
import { event } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, listing, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import type { EventItem } from '../../api/types';
import { learnServerName, useServerName } from '../../ui/serverName';
import { EventBell } from './EventBell';
import { forgetHandled } from './handled';

withServer();

/** The server's, newest start first. */
let all: EventItem[] = [];
/** How many of them are in one answer. */
let newestMax = Number.POSITIVE_INFINITY;

const SEVERITIES = ['info', 'warning', 'critical'];
const isOn = ({ form, end }: EventItem) => form === 'state' && end === undefined;

beforeEach(() => {
  forgetHandled();
  useSession.setState({ phase: 'active', user: userWith('operator') });
  all = [];
  newestMax = Number.POSITIVE_INFINITY;
  server.use(
    ...listing([camera('gate', { name: 'Gate' }), camera('yard', { name: 'Yard' })]),
    http.get(api('/api/v1/events/kinds'), () =>
      HttpResponse.json({
        items: [{ kind: 'acme.door', form: 'state', severity: 'info', title: 'Door open' }],
      }),
    ),
    http.get(api('/api/v1/events'), ({ request }) => {
      const query = new URL(request.url).searchParams;
      const least = SEVERITIES.indexOf(query.get('severity') ?? 'info');
      const limit = Math.min(newestMax, Number(query.get('limit')));
      return HttpResponse.json({
        items: all
          .filter(
            (one) =>
              SEVERITIES.indexOf(one.severity) >= least &&
              // All of these began before now: what reaches beyond it goes on.
              (!query.has('from') || isOn(one)),
          )
          .slice(0, limit),
      });
    }),
  );
});

let made = 0;
const happened = (id: string, severity: string, more: Partial<EventItem> = {}) =>
  event(id, ++made, {
    severity,
    cameraId: 'gate',
    kind: 'acme.door',
    form: 'state',
    start: '2026-11-25T12:00:00.000Z',
    end: '2026-11-25T12:01:00.000Z',
    attributes: {},
    detail: '',
    ...more,
  });

const bell = () => screen.getByTestId('event-bell');
const unread = (count: number) => waitFor(() => expect(bell().dataset.unread).toBe(String(count)));
const linesOf = (list: HTMLElement) =>
  within(list)
    .getAllByRole('link')
    .map((link) => link.dataset.testid);

/** By the user who is signed in, in another window of this browser. */
function acknowledged(...ids: string[]) {
  const userId = useSession.getState().user?.id ?? '';
  const of = { [userId]: { acknowledged: ids, dismissed: [] } };
  act(() => {
    localStorage.setItem('nxvms.handled', JSON.stringify({ state: { of }, version: 1 }));
    window.dispatchEvent(new StorageEvent('storage', { key: 'nxvms.handled' }));
  });
}

function Address() {
  const { pathname, search } = useLocation();
  return <output data-testid="address">{pathname + search}</output>;
}

describe('the bell', () => {
  it('is told in the title of the tab, until the events were acknowledged, in whichever window', async () => {
    useServerName.setState({ name: undefined });
    all = [happened('02b', 'critical'), happened('02a', 'critical')];
    renderPage(<EventBell />);
    await unread(2);
    expect(document.title).toBe('(2) NXvms');
    acknowledged('02b', '02a');
    await unread(0);
    expect(document.title).toBe('NXvms');
    act(() => learnServerName('Depot'));
    expect(document.title).toBe('Depot · NXvms');
  });

  it('counts what nobody has acknowledged, whenever it began; to look at it is not enough', async () => {
    all = [happened('01b', 'critical'), happened('01a', 'critical')];
    const first = renderPage(<EventBell />);
    await unread(2);
    await userEvent.click(bell());
    await screen.findByTestId('urgent-waiting');
    expect(bell().dataset.unread).toBe('2');
    await userEvent.click(screen.getByTestId('urgent-acknowledge-all'));
    expect(bell().dataset.unread).toBe('0');
    first.unmount();
    // The end of a known one is no news; one that became known later is, though it began earlier.
    all = [
      happened('01b', 'critical'),
      happened('01c', 'critical', { start: '2026-11-01T00:00:00.000Z' }),
      happened('01a', 'critical'),
    ];
    renderPage(<EventBell />);
    await unread(1);
  });

  it('counts for each user of a browser by itself', async () => {
    all = [happened('01a', 'critical')];
    const first = renderPage(<EventBell />);
    await unread(1);
    acknowledged('01a');
    await unread(0);
    first.unmount();
    useSession.setState({ user: { ...userWith('operator'), id: 'somebody-else' } });
    renderPage(<EventBell />);
    await unread(1);
  });

  it('stays red while something critical goes on, though it was acknowledged', async () => {
    all = [happened('01b', 'critical', { end: undefined }), happened('01a', 'critical')];
    renderPage(<EventBell />);
    await unread(2);
    acknowledged('01b', '01a');
    await waitFor(() => expect(bell().dataset).toMatchObject({ unread: '0', lasting: '1' }));
    expect(bell().getAttribute('aria-label')).toBe('1 critical event goes on');
  });

  it('tells by its shape, too, that something critical goes on', async () => {
    const shape = () => bell().querySelector('svg')?.getAttribute('class');
    all = [happened('01a', 'critical')];
    const first = renderPage(<EventBell />);
    await unread(1);
    acknowledged('01a');
    await unread(0);
    const quiet = shape();
    first.unmount();
    all = [happened('01a', 'critical', { end: undefined })];
    renderPage(<EventBell />);
    await waitFor(() => expect(bell().dataset).toMatchObject({ unread: '0', lasting: '1' }));
    expect(quiet).toBeTruthy();
    expect(shape()).not.toBe(quiet);
  });

  it('counts what waits behind hundreds that were acknowledged, and behind hundreds that come', async () => {
    const later = Array.from({ length: 120 }, (_, n) => happened(`02${n}`, 'critical'));
    all = [...later, happened('01a', 'critical')];
    acknowledged(...later.map(({ id }) => id));
    const { client } = renderPage(<EventBell />);
    await unread(1);
    const more = Array.from({ length: 99 }, (_, n) => happened(`03${n}`, 'critical'));
    all = [...more, ...all];
    acknowledged(...[...later, ...more].map(({ id }) => id));
    await act(() => client.refetchQueries({ queryKey: ['events', 'critical'] }));
    await waitFor(() => expect(client.getQueryData(['events', 'critical'])).toHaveLength(220));
    await unread(1);
  });

  it('knows what goes on since long ago behind all that came since', async () => {
    const away = happened('01a', 'critical', { end: undefined });
    acknowledged('01c', '01b', '01a');
    all = [happened('01c', 'critical'), happened('01b', 'critical'), away];
    newestMax = 2;
    renderPage(<EventBell />);
    await waitFor(() => expect(bell().dataset).toMatchObject({ unread: '0', lasting: '1' }));
  });
});

describe('what is urgent', () => {
  it('begins with what nobody has acknowledged, then what goes on, the worst of it first', async () => {
    acknowledged('01b', '01a');
    all = [
      happened('01f', 'info'),
      happened('01e', 'warning', { end: undefined, cameraId: 'yard' }),
      happened('01d', 'critical'),
      happened('01c', 'warning'),
      happened('01b', 'critical', { end: undefined }),
      happened('01a', 'critical'),
    ];
    renderPage(<EventBell />);
    await unread(1);
    await userEvent.click(bell());
    expect(linesOf(await screen.findByTestId('urgent-goingOn'))).toEqual(['urgent-01b', 'urgent-01e']);
    expect(linesOf(screen.getByTestId('urgent-waiting'))).toEqual(['urgent-01d']);
    expect(linesOf(screen.getByTestId('urgent-lately'))).toEqual(['urgent-01c', 'urgent-01a']);
    expect(screen.getByTestId('urgent-01d').dataset.new).toBe('true');
    expect(screen.getByTestId('urgent-01a').dataset.new).toBeUndefined();
    await within(screen.getByTestId('urgent-01e')).findByText('Door open');
    await within(screen.getByTestId('urgent-01e')).findByText(/^Yard · /);
    expect(within(screen.getByTestId('urgent-01e')).getByLabelText('Warning')).toBeTruthy();
  });

  it('leads to the moment, or to the list, and is away then', async () => {
    all = [
      happened('01b', 'critical', { cameraId: undefined, source: { type: 'server', id: 's' } }),
      happened('01a', 'critical'),
    ];
    renderPage(
      <>
        <EventBell />
        <Address />
      </>,
      '/live',
    );
    await unread(2);
    await userEvent.click(bell());
    await userEvent.click(await screen.findByTestId('urgent-01a'));
    expect(screen.getByTestId('address').textContent).toBe('/playback/gate?t=2026-11-25T11:59:55.000Z&play');
    expect(screen.queryByTestId('urgent')).toBeNull();
    await userEvent.click(bell());
    await userEvent.click(await screen.findByTestId('urgent-01b'));
    expect(screen.getByTestId('address').textContent).toBe(
      '/events?severity=warning&range=all&kind=acme.door',
    );
    await userEvent.click(bell());
    await userEvent.click(await screen.findByTestId('urgent-all'));
    expect(screen.getByTestId('address').textContent).toBe('/events?severity=warning&range=all');
  });

  it('is one line for what one cause did to several cameras', async () => {
    all = ['a', 'b', 'c'].map((cameraId) =>
      happened(`01${cameraId}`, 'critical', { cameraId, attributes: { cause: 'server_down' } }),
    );
    renderPage(<EventBell />);
    await unread(1);
    await userEvent.click(bell());
    await within(await screen.findByTestId('urgent-01c')).findByText(/^3 cameras · /);
    expect(linesOf(screen.getByTestId('urgent-waiting'))).toHaveLength(1);
    // One thing to take note of, not three.
    await userEvent.click(screen.getByTestId('urgent-acknowledge-01c'));
    await unread(0);
  });

  it('cannot be dismissed before it was acknowledged where it is critical', async () => {
    all = [happened('01b', 'critical'), happened('01a', 'warning')];
    renderPage(<EventBell />);
    await unread(1);
    await userEvent.click(bell());
    await screen.findByTestId('urgent-dismiss-01a');
    expect(screen.queryByTestId('urgent-dismiss-01b')).toBeNull();
    await userEvent.click(screen.getByTestId('urgent-acknowledge-01b'));
    // Whoever works by keyboard is still in the centre.
    expect(document.activeElement).toBe(screen.getByTestId('urgent'));
    expect(linesOf(screen.getByTestId('urgent-lately'))).toEqual(['urgent-01b', 'urgent-01a']);
    await userEvent.click(screen.getByTestId('urgent-dismiss-01b'));
    await userEvent.click(screen.getByTestId('urgent-dismiss-01a'));
    await screen.findByTestId('urgent-none');
  });

  it('is all there as long as it waits, however much came since', async () => {
    all = [
      ...Array.from({ length: 30 }, (_, n) => happened(`02${n}`, 'warning')),
      happened('01a', 'critical', { start: '2026-11-01T12:00:00.000Z' }),
    ];
    newestMax = 30;
    server.use(
      http.get(api('/api/v1/events'), ({ request }) => {
        const query = new URL(request.url).searchParams;
        const critical = query.get('severity') === 'critical';
        return HttpResponse.json({
          items: query.has('from') ? [] : critical ? all.slice(30) : all.slice(0, 30),
        });
      }),
    );
    renderPage(<EventBell />);
    await unread(1);
    await userEvent.click(bell());
    expect(linesOf(await screen.findByTestId('urgent-waiting'))).toEqual(['urgent-01a']);
    expect(linesOf(screen.getByTestId('urgent-lately'))).toHaveLength(20);
  });

  it('names the newest of very many, and acknowledges all', async () => {
    all = Array.from({ length: 60 }, (_, n) => happened(`02${n}`, 'critical', { cameraId: `c${n}` }));
    renderPage(<EventBell />);
    await unread(60);
    await userEvent.click(bell());
    expect(linesOf(await screen.findByTestId('urgent-waiting'))).toHaveLength(50);
    expect(screen.getByTestId('urgent-waiting-more').textContent).toBe('and 10 more');
    await userEvent.click(screen.getByTestId('urgent-acknowledge-all'));
    await unread(0);
  });

  it('says when there is nothing, and when it may not be seen', async () => {
    const first = renderPage(<EventBell />);
    await userEvent.click(bell());
    await screen.findByTestId('urgent-none');
    first.unmount();
    server.use(http.get(api('/api/v1/events'), () => problem(403, 'forbidden', 'You may not see events.')));
    renderPage(<EventBell />);
    await userEvent.click(bell());
    expect((await screen.findByRole('alert')).textContent).toContain('You may not see events.');
    expect(screen.queryByTestId('urgent-none')).toBeNull();
  });
});
