// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { useLocation } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { SyncClock } from '../../player/together/syncClock';
import { SyncGroup } from '../../player/together/syncGroup';
import { restoreWindows, useWindows } from '../live/windows';
import { LinkedWindows } from './LinkedWindows';
import { useSharedClock } from './useSharedClock';

const said = vi.hoisted(() => ({ toasts: [] as string[] }));
vi.mock('../../ui/toast', () => ({ toast: (text: string) => said.toasts.push(text) }));

const START = Date.parse('2026-11-25T10:00:00Z');
const open = vi.fn<(address: string, name: string, features: string) => Window | null>();

beforeEach(() => {
  said.toasts = [];
  open.mockReset().mockReturnValue(window);
  vi.stubGlobal('open', open);
  useWindows.setState({ windows: [] });
});
afterEach(() => vi.unstubAllGlobals());

function Page() {
  const [group] = useState(() => new SyncGroup(new SyncClock(START, () => START + 100_000), () => undefined));
  const sharing = useSharedClock(group, ['gate', 'yard']);
  return (
    <>
      <LinkedWindows sharing={sharing} />
      <output data-testid="search">{useLocation().search}</output>
    </>
  );
}

describe('windows that go by one clock', () => {
  it('are kept, so that they are opened again with their cameras and that clock', async () => {
    renderPage(<Page />, '/playback?cameras=gate,yard');
    await userEvent.click(screen.getByTestId('together-window'));
    const own = new URLSearchParams(screen.getByTestId('search').textContent ?? '').get('clock');
    expect(own).toBeTruthy();
    const [address = '', name] = open.mock.calls[0] ?? [];
    const { pathname, searchParams } = new URL(address, 'http://desk');
    expect(pathname).toBe('/console/playback');
    expect(Object.fromEntries(searchParams)).toEqual({
      cameras: 'gate,yard',
      t: '2026-11-25T10:00:00.000Z',
      clock: own,
      kiosk: '',
      window: name,
    });
    const { windows } = useWindows.getState();
    expect(windows).toMatchObject([{ id: name }]);
    open.mockClear();
    expect(restoreWindows(windows)).toBe(0);
    expect(open.mock.calls).toEqual([[address, name, 'popup,width=1280,height=720']]);
  });

  it('are not kept when the browser does not open them, which is said', async () => {
    open.mockReturnValue(null);
    renderPage(<Page />, '/playback?cameras=gate,yard');
    await userEvent.click(screen.getByTestId('together-window'));
    await waitFor(() => expect(said.toasts).toHaveLength(1));
    expect(useWindows.getState().windows).toEqual([]);
  });
});
