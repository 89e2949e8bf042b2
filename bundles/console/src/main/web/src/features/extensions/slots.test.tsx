// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { CameraContext, EventContext, OverlayContext, TileContext } from 'nxvms-console-host';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { element, extension, installed, noExtensions } from '../../../test/extensions';
import { renderPage } from '../../../test/render';
import { camera, listing, server, userWith, withServer } from '../../../test/server';
import { serverClock } from '../../api/serverClock';
import { useSession } from '../../api/session';
import type { EventItem } from '../../api/types';
import type { CameraPlayer } from '../../player/types';
import { Toasts } from '../../ui/toast';
import { ControlPage } from '../control/ControlPage';
import { EventList } from '../events/EventList';
import { HealthPage } from '../health/HealthPage';
import { Tile } from '../live/Tile';
import { PaletteHost } from '../palette/PaletteHost';
import { usePalette } from '../palette/usePalette';
import { PageNav } from '../shell/PageNav';
import { UserMenu } from '../shell/UserMenu';
import { ExtensionLanes } from './ExtensionLanes';
import { drawable, labelsAt } from './lanes';
import { pictureIn } from './OverlayLayer';

withServer();

const player = {
  state: () => ({ phase: 'live', lastPictureAtMs: 0 }),
  stats: () => ({ width: 1920, height: 1080, latencyMs: 200 }),
  snapshot: async () => new Blob(),
} as unknown as CameraPlayer;
vi.mock('../live/useLivePlayer', () => ({
  useLivePlayer: () => ({ player, state: { phase: 'live', lastPictureAtMs: 1 } }),
}));

beforeEach(() => {
  noExtensions();
  useSession.setState({ phase: 'active', user: userWith('administrator') });
});
afterEach(() => act(() => installed()));

describe('slots', () => {
  it('a page of settings stands in the menu of the user', async () => {
    act(() =>
      installed(
        extension('plates', [{ slot: 'settings.page', name: 'setup', title: 'title' }], () => undefined),
      ),
    );
    renderPage(<UserMenu />);
    await userEvent.click(screen.getByTestId('user-menu'));
    const item = await screen.findByTestId('nav-extension-plates-setup');
    expect(item.getAttribute('href')).toBe('/extensions/plates/setup');
  });

  it('a part of a camera stands on its page', async () => {
    act(() =>
      installed(
        extension('plates', [{ slot: 'camera.tab', name: 'lately', title: 'title' }], (host) =>
          host.registerSlot(
            'lately',
            element<CameraContext>(
              host,
              'tab',
              (context) => `seen by ${context?.cameraName} ${context?.cameraId}`,
            ),
          ),
        ),
      ),
    );
    server.use(...listing([camera('a')]));
    renderPage(
      <Routes>
        <Route path="/control/:cameraId" element={<ControlPage />} />
      </Routes>,
      '/control/a',
    );
    await userEvent.click(await screen.findByTestId('control-toggle-plates-lately'));
    await waitFor(() =>
      expect(screen.getByTestId('extension-plates-lately').textContent).toBe('seen by Camera a a'),
    );
    expect(screen.queryByTestId('control-nothing')).toBeNull();
  });

  it('a page that the header has no room for stands in that menu', async () => {
    const page = (id: string) =>
      extension(id, [{ slot: 'nav.page', name: 'list', title: 'title' }], () => undefined);
    act(() => installed(...['one', 'two', 'three', 'four', 'five'].map(page)));
    renderPage(
      <>
        <PageNav />
        <UserMenu />
      </>,
    );
    expect(screen.getByTestId('nav-extension-four-list').closest('nav')).not.toBeNull();
    expect(screen.queryByTestId('nav-extension-five-list')).toBeNull();
    await userEvent.click(screen.getByTestId('user-menu'));
    expect((await screen.findByTestId('nav-extension-five-list')).closest('nav')).toBeNull();
  });

  it('an action of tiles is run with the tile, and what goes wrong is told', async () => {
    const ran: (TileContext | undefined)[] = [];
    act(() =>
      installed(
        extension('plates', [{ slot: 'live.tile.action', name: 'last', title: 'title' }], (host) =>
          host.registerCommand('last', {
            run: async (tile) => {
              ran.push(tile);
              throw new Error('nothing was seen');
            },
          }),
        ),
      ),
    );
    renderPage(
      <>
        <article>
          <Tile camera={camera('a')} cell={3} maximised={false} />
        </article>
        <Toasts />
      </>,
    );
    await userEvent.click(screen.getByTestId('tile-action-plates-last-3'));
    await screen.findByText('nothing was seen');
    expect(ran).toEqual([{ cameraId: 'a', cell: 3 }]);
  });

  it('an overlay lies exactly upon the picture and knows when it was captured', async () => {
    vi.spyOn(serverClock, 'now').mockReturnValue(10_000);
    act(() =>
      installed(
        extension('plates', [{ slot: 'live.overlay', name: 'boxes', title: 'title' }], (host) =>
          host.registerOverlay(
            'boxes',
            element<OverlayContext>(
              host,
              'boxes',
              (context) => `${context?.cameraId} ${context?.cell} ${context?.capturedAt()}`,
            ),
          ),
        ),
      ),
    );
    renderPage(
      <article>
        <Tile camera={camera('a')} cell={3} maximised={false} />
      </article>,
    );
    const shown = await screen.findByTestId('extension-plates-boxes');
    await waitFor(() => expect(shown.textContent).toBe('a 3 9800'));
    // jsdom's frame is 1000 wide and 600 high, so the picture is 562.5 high.
    const { style } = shown.parentElement as HTMLElement;
    expect([style.left, style.width, style.top, style.height]).toEqual(['0%', '100%', '3.125%', '93.75%']);
  });

  it.each([
    [
      { width: 100, height: 100 },
      { width: 200, height: 100 },
      { left: 0, top: 0.25, width: 1, height: 0.5 },
    ],
    [
      { width: 400, height: 100 },
      { width: 200, height: 100 },
      { left: 0.25, top: 0, width: 0.5, height: 1 },
    ],
    [
      { width: 400, height: 100 },
      { width: 0, height: 0 },
      { left: 0, top: 0, width: 1, height: 1 },
    ],
  ])('in %o a picture of %o lies at %o', (frame, picture, box) => {
    expect(pictureIn(frame, picture)).toEqual(box);
  });

  it('an event has more to it', async () => {
    act(() =>
      installed(
        extension('plates', [{ slot: 'event.detail', name: 'plate', title: 'title' }], (host) =>
          host.registerSlot(
            'plate',
            element<EventContext>(host, 'plate', (context) => `plate ${context?.event.attributes.plate}`),
          ),
        ),
      ),
    );
    const event: EventItem = {
      id: 'e',
      sequence: 1,
      serverId: 's',
      kind: 'acme.plate',
      severity: 'info',
      source: { type: 'camera', id: 'a' },
      cameraId: 'a',
      form: 'pulse',
      start: '2026-11-25T12:00:00.000Z',
      detail: 'A plate',
      attributes: { plate: 'HH-AB 123' },
    };
    renderPage(<EventList events={[event]} cameras={[]} kinds={[]} complete />);
    expect(screen.queryByTestId('extension-plates-plate')).toBeNull();
    await userEvent.click(screen.getByTestId('event-brought-e'));
    await waitFor(() =>
      expect(screen.getByTestId('extension-plates-plate').textContent).toBe('plate HH-AB 123'),
    );
    act(() => installed());
    expect(screen.queryByTestId('event-brought-e')).toBeNull();
  });

  it('a card stands among the parts of the server', async () => {
    act(() =>
      installed(
        extension('plates', [{ slot: 'health.card', name: 'queue', title: 'title' }], (host) =>
          host.registerSlot(
            'queue',
            element(host, 'queue', () => 'queue is empty'),
          ),
        ),
      ),
    );
    server.use(...listing([]));
    renderPage(<HealthPage />);
    await waitFor(() =>
      expect(screen.getByTestId('extension-plates-queue').textContent).toBe('queue is empty'),
    );
  });

  it('an action is found by its words', async () => {
    let ran = 0;
    act(() =>
      installed(
        extension('plates', [{ slot: 'command', name: 'count', title: 'title' }], (host) =>
          host.registerCommand('count', {
            run: () => {
              ran++;
            },
          }),
        ),
      ),
    );
    server.use(...listing([]));
    usePalette.getState().show(null);
    renderPage(<PaletteHost />);
    await userEvent.keyboard('{Control>}k{/Control}');
    await userEvent.type(await screen.findByTestId('palette-text'), 'extension pl');
    await screen.findByTestId('palette-command-plates-count');
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(ran).toBe(1));
  });

  it('a lane is asked for the range that is read, once, and says what it has', async () => {
    const asked: string[] = [];
    act(() =>
      installed(
        extension(
          'plates',
          [
            { slot: 'timeline.lane', name: 'seen', title: 'title' },
            { slot: 'timeline.lane', name: 'bad' },
          ],
          (host) => {
            host.registerTimelineLane('seen', {
              query: async (cameraId, from, to) => {
                asked.push(`${cameraId} ${from} ${to}`);
                return [{ start: 1_000, end: 2_000, label: 'a car' }, { start: 5_000 }];
              },
            });
            host.registerTimelineLane('bad', { query: () => Promise.reject(new Error('no')) });
          },
        ),
      ),
    );
    const went: number[] = [];
    renderPage(
      <ExtensionLanes
        cameraId="a"
        view={{ from: 0, to: 10_000 }}
        range={{ from: 0, to: 20_000 }}
        position={() => 0}
        onGo={(utcMs) => went.push(utcMs)}
      />,
    );
    const lanes = screen.getByTestId('extension-lanes');
    await waitFor(() => expect(lanes.dataset.spans).toBe('2,0'));
    await waitFor(() =>
      expect(lanes.getAttribute('aria-label')).toBe(
        'Extension plates: 2 stretches, bad: failed: 0 stretches',
      ),
    );
    expect(asked).toEqual(['a 0 20000']);
    lanes.getBoundingClientRect = () => ({ left: 0, top: 0, width: 1_000, height: 32 }) as DOMRect;
    fireEvent.pointerMove(lanes, { clientX: 150, clientY: 5 });
    expect(lanes.getAttribute('title')).toBe('a car');
    fireEvent.pointerUp(lanes, { clientX: 150, clientY: 5, button: 0 });
    expect(went).toEqual([1_500]);
  });

  it('a lane draws what can be drawn', () => {
    const spans = drawable([
      { start: 1_000, end: 500 },
      { start: Number.NaN },
      { start: 1_000, end: 3_000, label: 'long' },
      { start: 4_000, label: 'moment' },
    ]);
    expect(spans).toHaveLength(2);
    const row = { name: '', spans };
    expect(labelsAt(row, 3_050, 100)).toEqual(['long']);
    expect(labelsAt(row, 4_050, 100)).toEqual(['moment']);
    expect(labelsAt(row, 3_500, 100)).toEqual([]);
    expect(() => drawable('many')).toThrow('list of spans');
  });
});
