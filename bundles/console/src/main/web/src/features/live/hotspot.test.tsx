// SPDX-License-Identifier: Apache-2.0
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { camera, listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { LivePage } from './LivePage';
import { cellsOf, differs, wallOf } from './useLayouts';
import { HOTSPOT, useSpot } from './useSpot';
import { useWall } from './useWall';

// No pictures are played here: who asks for whose is noted.
const listening = vi.hoisted(() => new Map<string, boolean[]>());

vi.mock('./useLivePlayer', () => ({
  useLivePlayer: (
    cameraId: string,
    _stream: unknown,
    host: { current: HTMLElement | null },
    heard: boolean,
  ) => {
    const cell = host.current?.closest('article')?.dataset.testid ?? '';
    listening.set(`${cell} ${cameraId}`, [...(listening.get(`${cell} ${cameraId}`) ?? []), heard]);
    return { player: undefined, state: { phase: 'live', lastPictureAtMs: 0 } };
  },
}));

withServer();

const wall = () => useWall.getState();
const tile = (cell: number) => screen.getByTestId(`tile-${cell}`);
const shown = (cell: number) => tile(cell).getAttribute('aria-label');

beforeEach(() => {
  listening.clear();
  wall().clear();
  wall().setGrid('4');
  wall().select(0);
  useSpot.setState({ cameraId: null });
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(
    ...listing([
      camera('a', { name: 'Gate', permissions: ['view_live', 'listen'] }),
      camera('b', { name: 'Yard', permissions: ['view_live', 'listen'] }),
    ]),
  );
});

describe('a hotspot', () => {
  it('shows the camera that is selected elsewhere, and stays with it while none is', async () => {
    renderPage(<LivePage />);
    await userEvent.click(screen.getByTestId('wall-hotspot'));
    expect(wall().cells[0]).toBe(HOTSPOT);
    expect(shown(0)).toMatch(/Hotspot: Select a tile; its camera is shown here/);

    act(() => {
      wall().put(1, 'a');
      wall().put(2, 'b');
    });
    await waitFor(() => expect(shown(0)).toMatch(/Hotspot: Yard/));
    await screen.findByTestId('tile-hotspot-0');
    act(() => tile(1).focus());
    await waitFor(() => expect(shown(0)).toMatch(/Hotspot: Gate/));
    act(() => tile(3).focus());
    act(() => tile(0).focus());
    expect(wall().selected).toBe(0);
    expect(shown(0)).toMatch(/Hotspot: Gate/);

    await userEvent.click(screen.getByTestId('wall-hotspot'));
    expect(wall().cells.slice(0, 4)).toEqual([null, 'a', 'b', null]);
  });

  it('follows what is selected in another window', async () => {
    wall().add(HOTSPOT);
    renderPage(<LivePage />);
    await waitFor(() => expect(shown(0)).toMatch(/Hotspot: Select/));
    act(() => {
      localStorage.setItem('nxvms.spot', JSON.stringify({ state: { cameraId: 'b' }, version: 0 }));
      window.dispatchEvent(new StorageEvent('storage', { key: 'nxvms.spot' }));
    });
    await waitFor(() => expect(shown(0)).toMatch(/Hotspot: Yard/));
  });

  it('is maximised as a tile of its own, and is not heard beside the one that is', async () => {
    wall().add(HOTSPOT);
    wall().put(1, 'a');
    renderPage(<LivePage />);
    await screen.findByTestId('tile-sound-1');
    expect(screen.queryByTestId('tile-sound-0')).toBeNull();
    await userEvent.click(screen.getByTestId('tile-sound-1'));
    await waitFor(() => expect(listening.get('tile-1 a')?.at(-1)).toBe(true));
    expect(listening.get('tile-0 a')).not.toContain(true);

    await userEvent.dblClick(tile(0));
    expect(wall().maximised).toBe(HOTSPOT);
    expect(tile(0).style.display).toBe('');
    expect(tile(1).style.display).toBe('none');
  });

  it('is kept with its wall', () => {
    wall().put(0, 'a');
    wall().put(3, HOTSPOT);
    const kept = wallOf(wall());
    expect(kept).toEqual({ grid: '4', cameras: [{ cell: 0, cameraId: 'a' }], hotspot: 3 });
    expect(cellsOf(kept)).toEqual(['a', null, null, HOTSPOT]);
    expect(differs(kept, wall())).toBe(false);
    wall().remove(3);
    expect(differs(kept, wall())).toBe(true);
    expect(wallOf(wall())).toEqual({ grid: '4', cameras: [{ cell: 0, cameraId: 'a' }] });
  });
});
