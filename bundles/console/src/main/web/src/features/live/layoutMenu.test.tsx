// SPDX-License-Identifier: Apache-2.0
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keptLayouts, wallNamed } from '../../../test/layouts';
import { renderPage } from '../../../test/render';
import { api, camera, listing, server, userWith, withServer } from '../../../test/server';
import { isWall } from '../../api/layouts';
import { useCameras } from '../../api/queries';
import { useSession } from '../../api/session';
import { GridChoice } from './GridChoice';
import { LayoutMenu } from './LayoutMenu';
import { useLayouts } from './useLayouts';
import { useTour } from './useTour';
import { useWall } from './useWall';

withServer();

const wall = () => useWall.getState();
const button = () => screen.getByTestId('layouts');

/** Tells when it is known which cameras there are. */
function Cameras() {
  return useCameras().data ? <output data-testid="cameras-known" /> : null;
}

/** Items of a menu that opens once more are there after those of the time before have gone. */
async function choose(item: string) {
  await userEvent.click(button());
  await userEvent.click(await screen.findByTestId(item));
}

beforeEach(() => {
  localStorage.clear();
  wall().clear();
  wall().setGrid('4');
  useLayouts.setState({ current: null, tour: null });
  useSession.setState({
    phase: 'active',
    user: { ...userWith('operator'), permissions: ['view_live', 'share_layouts', 'manage_users'] },
  });
  server.use(
    http.get(api('/api/v1/roles'), () =>
      HttpResponse.json({ items: [{ name: 'operator' }, { name: 'viewer' }] }),
    ),
  );
});

describe('grids', () => {
  it('with large cells are chosen from a menu', async () => {
    renderPage(<GridChoice />);
    await userEvent.click(screen.getByTestId('wall-mixed'));
    await userEvent.click(await screen.findByTestId('wall-grid-2+8'));
    expect(wall()).toMatchObject({ grid: '2+8', size: 10 });
    await userEvent.click(screen.getByText('9'));
    expect(wall().grid).toBe('9');
  });
});

describe('layouts', () => {
  it('are kept under a name, marked when changed, kept anew and deleted', async () => {
    const { kept, handlers } = keptLayouts();
    server.use(...handlers);
    renderPage(<LayoutMenu />);
    wall().put(1, 'gate');
    await choose('layout-new');
    const save = await screen.findByTestId('layout-save');
    expect((save as HTMLButtonElement).disabled).toBe(true);
    await userEvent.type(screen.getByTestId('layout-name'), '  Night ');
    await userEvent.click(save);
    await waitFor(() => expect(button().dataset.current).toBe('Night'));
    expect(button().dataset.changed).toBe('false');

    act(() => wall().put(0, 'yard'));
    expect(button().dataset.changed).toBe('true');
    await choose('layout-keep');
    await waitFor(() => expect(button().dataset.changed).toBe('false'));
    expect(kept).toMatchObject([
      {
        name: 'Night',
        version: 2,
        wall: {
          grid: '4',
          cameras: [
            { cell: 0, cameraId: 'yard' },
            { cell: 1, cameraId: 'gate' },
          ],
        },
      },
    ]);

    await choose('layout-forget');
    await userEvent.click(await screen.findByTestId('layout-remove-confirm'));
    await waitFor(() => expect(button().dataset.current).toBeUndefined());
    expect(kept).toEqual([]);
    expect(wall().cells.slice(0, 2)).toEqual(['yard', 'gate']);
  });

  it('are as they were kept, though a camera of the wall was removed', async () => {
    const { kept, handlers } = keptLayouts();
    server.use(...handlers, ...listing([camera('gate')]));
    renderPage(
      <>
        <LayoutMenu />
        <Cameras />
      </>,
    );
    await screen.findByTestId('cameras-known');
    act(() => {
      wall().put(0, 'gate');
      wall().put(1, 'removed');
    });
    await choose('layout-new');
    await userEvent.type(await screen.findByTestId('layout-name'), 'Night');
    await userEvent.click(screen.getByTestId('layout-save'));
    await waitFor(() => expect(button().dataset.current).toBe('Night'));
    expect(kept).toMatchObject([{ wall: { grid: '4', cameras: [{ cell: 0, cameraId: 'gate' }] } }]);
    expect(wall().cells[1]).toBe('removed');
    expect(button().dataset.changed).toBe('false');
  });

  it('are shared with roles and locked, and say so', async () => {
    const { kept, handlers } = keptLayouts(wallNamed('Night', '4', ['gate']));
    server.use(...handlers);
    renderPage(<LayoutMenu />);
    await choose('layout-Night');
    await choose('layout-settings');
    await userEvent.type(await screen.findByTestId('layout-roles'), 'viewer{Enter}');
    await userEvent.click(screen.getByTestId('layout-locked'));
    await userEvent.click(screen.getByTestId('layout-save'));
    await waitFor(() => expect(kept[0]).toMatchObject({ roles: ['viewer'], locked: true, version: 2 }));

    act(() => wall().put(1, 'yard'));
    await userEvent.click(button());
    const line = within(await screen.findByTestId('layout-Night'));
    expect(await line.findByLabelText('Shared with viewer')).toBeTruthy();
    expect(line.getByTestId('layout-lock')).toBeTruthy();
    // What is locked is neither kept anew nor deleted; it is unlocked first.
    expect(screen.queryByTestId('layout-keep')).toBeNull();
    expect(screen.queryByTestId('layout-forget')).toBeNull();
    await userEvent.click(screen.getByTestId('layout-settings'));
    expect((await screen.findByTestId('layout-name')).hasAttribute('disabled')).toBe(true);
    await userEvent.click(screen.getByTestId('layout-locked'));
    await userEvent.click(screen.getByTestId('layout-save'));
    await waitFor(() => expect(kept[0]).toMatchObject({ locked: false, version: 3 }));
  });

  it('of others are opened, not changed', async () => {
    useSession.setState({ phase: 'active', user: userWith('viewer') });
    const shared = { own: false, owner: 'anna', roles: ['viewer'], editable: false };
    server.use(...keptLayouts(wallNamed('Shift', '9', ['a', 'b'], shared)).handlers);
    renderPage(<LayoutMenu />);
    await userEvent.click(button());
    const line = await screen.findByTestId('layout-Shift');
    expect(within(line).getByLabelText('Shared by anna with viewer')).toBeTruthy();
    await userEvent.click(line);
    expect(wall().grid).toBe('9');
    act(() => wall().put(3, 'c'));
    expect(button().dataset.changed).toBe('true');
    await userEvent.click(button());
    await screen.findByTestId('layout-new');
    for (const item of ['layout-keep', 'layout-settings', 'layout-forget']) {
      expect(screen.queryByTestId(item)).toBeNull();
    }
    await userEvent.click(screen.getByTestId('layout-new'));
    await screen.findByTestId('layout-form');
    expect(screen.queryByTestId('layout-roles')).toBeNull();
  });

  it('that somebody else has changed meanwhile are not written over', async () => {
    const { kept, handlers } = keptLayouts(wallNamed('Night', '4', ['gate']));
    server.use(...handlers);
    renderPage(<LayoutMenu />);
    await choose('layout-Night');
    const [before] = kept;
    if (before) {
      kept[0] = { ...before, version: 7 };
    }
    await choose('layout-settings');
    await userEvent.type(await screen.findByTestId('layout-name'), ' late');
    await userEvent.click(screen.getByTestId('layout-save'));
    expect((await screen.findByTestId('layout-problem')).textContent).toContain('changed');
    expect(kept[0]?.name).toBe('Night');
  });

  it('of one name are replaced when they are the own, and stay shared', async () => {
    const { kept, handlers } = keptLayouts(wallNamed('Night', '4', ['gate'], { roles: ['viewer'] }));
    server.use(...handlers);
    renderPage(<LayoutMenu />);
    wall().put(0, 'yard');
    await choose('layout-new');
    await userEvent.type(await screen.findByTestId('layout-name'), 'Night');
    await screen.findByText('There is one of that name; it is replaced.');
    await userEvent.click(screen.getByTestId('layout-save'));
    await waitFor(() => expect(button().dataset.current).toBe('Night'));
    expect(kept).toMatchObject([
      { version: 2, roles: ['viewer'], wall: { cameras: [{ cell: 0, cameraId: 'yard' }] } },
    ]);
  });
});

describe('tours', () => {
  it('are put together from layouts, kept and started', async () => {
    const { kept, handlers } = keptLayouts(
      wallNamed('Night', '4', ['gate']),
      wallNamed('Day', '1', ['yard']),
    );
    server.use(...handlers);
    renderPage(<LayoutMenu />);
    await waitFor(() => expect(kept).toHaveLength(2));
    await choose('tour-new');
    await userEvent.type(await screen.findByTestId('tour-name'), 'Round');
    await userEvent.click(screen.getByLabelText('Day: further up'));
    const seconds = screen.getByTestId('tour-seconds-0');
    await userEvent.clear(seconds);
    await userEvent.type(seconds, '25');
    await userEvent.click(screen.getByTestId('tour-save'));
    await waitFor(() => expect(kept).toHaveLength(3));
    expect(kept[2]?.tour?.steps).toEqual([
      { layoutId: 'id-Day', seconds: 25 },
      { layoutId: 'id-Night', seconds: 10 },
    ]);

    await userEvent.click(button());
    await userEvent.hover(await screen.findByTestId('tour-Round'));
    await userEvent.click(await screen.findByTestId('tour-start'));
    expect(wall().grid).toBe('1');
    expect(useLayouts.getState().tour).toMatchObject({ id: 'id-Round', at: 0 });
    await choose('layout-tour-end');
    expect(useLayouts.getState().tour).toBeNull();
  });
});

describe('a tour', () => {
  const WALLS = [wallNamed('first', '4', []), wallNamed('second', '4', ['gate'])].filter(isWall);
  const STEPS = [
    { layoutId: 'id-first', seconds: 10 },
    { layoutId: 'id-second', seconds: 20 },
  ];
  const current = () => useLayouts.getState().current;

  function Touring() {
    useTour(WALLS);
    return null;
  }

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('stays with each wall as long as it says, and waits while one camera is looked at', () => {
    renderPage(<Touring />);
    act(() => useLayouts.getState().startTour(STEPS, WALLS));
    expect(current()).toBe('id-first');
    act(() => vi.advanceTimersByTime(9_999));
    expect(current()).toBe('id-first');
    act(() => vi.advanceTimersByTime(1));
    expect(current()).toBe('id-second');

    act(() => wall().maximise('gate'));
    act(() => vi.advanceTimersByTime(60_000));
    expect(current()).toBe('id-second');
    expect(wall().maximised).toBe('gate');
    act(() => wall().maximise(null));
    act(() => vi.advanceTimersByTime(20_000));
    expect(current()).toBe('id-first');

    act(() => useLayouts.getState().endTour());
    act(() => vi.advanceTimersByTime(60_000));
    expect(current()).toBe('id-first');
  });
});
