// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest';

const A = 'b8d88978-58ef-44b0-af43-ef29df9ae02d';
const B = '8265fa71-daac-465d-a688-e56403481f40';

/** The console as a window loads it that was opened with this address. */
async function openedWith(search: string) {
  window.history.replaceState(null, '', `/console/live${search}`);
  vi.resetModules();
  const { useWall } = await import('./useWall');
  const { useShell } = await import('../shell/useShell');
  const { kioskAddress, layoutIn } = await import('./kiosk');
  return { wall: useWall, shell: useShell, kioskAddress, layoutIn };
}

describe('a window that shows a wall only', () => {
  afterEach(() => {
    localStorage.clear();
    window.history.replaceState(null, '', '/');
  });

  it('shows the wall it was opened for, without header and tree, and leaves that of the browser alone', async () => {
    const { wall, kioskAddress } = await openedWith('');
    wall.getState().setGrid('9');
    wall.getState().put(0, A);
    wall.getState().put(2, B);
    const { grid, cells } = wall.getState();
    const kept = localStorage.getItem('nxvms.wall');
    expect(kept).toContain(A);

    const beside = await openedWith(kioskAddress(grid, cells).replace('/console/live', ''));
    expect(beside.wall.getState()).toMatchObject({ grid: '9', size: 9 });
    expect(beside.wall.getState().cells.slice(0, 4)).toEqual([A, null, B, null]);
    expect(beside.shell.getState().chrome).toBe(false);
    beside.wall.getState().clear();
    expect(localStorage.getItem('nxvms.wall')).toBe(kept);
  });

  it('shows the wall of the browser when the address names none, and what is no wall is none', async () => {
    const { wall } = await openedWith('');
    wall.getState().put(0, A);
    for (const search of ['?kiosk', '?kiosk&grid=77&cells=x', '?kiosk&grid=4']) {
      const beside = await openedWith(search);
      expect(beside.wall.getState()).toMatchObject({ grid: '4', size: 4 });
      expect(beside.wall.getState().cells[0]).toBe(A);
    }
    expect((await openedWith('?kiosk&layout=Night%20shift')).layoutIn(window.location.search)).toBe(
      'Night shift',
    );
  });

  it('has header and tree, and keeps its wall, unless it was opened so', async () => {
    const { wall, shell } = await openedWith('?grid=9&cells=x');
    expect(shell.getState().chrome).toBe(true);
    expect(wall.getState().grid).toBe('4');
    wall.getState().put(1, B);
    expect(localStorage.getItem('nxvms.wall')).toContain(B);
  });
});
