// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, camera, listing, STATUS, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { CameraTree } from './CameraTree';

withServer();

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(
    ...listing([
      camera('dock', { name: 'Dock', group: 'Hall/Cellar' }),
      camera('door', { name: 'Door', group: 'Hall', status: { ...STATUS, state: 'offline' } }),
      camera('yard', { name: 'Yard' }),
    ]),
    http.get(api('/api/v1/known-servers'), () =>
      HttpResponse.json({
        version: 1,
        servers: [
          { name: 'This one', address: window.location.origin },
          { name: 'Warehouse', address: 'https://warehouse.example' },
        ],
      }),
    ),
  );
});
afterEach(() => {
  document.documentElement.dir = 'ltr';
});

const lines = () => screen.getAllByRole('treeitem').map((line) => line.id.replace('tree-row-', ''));
const active = () => screen.getByTestId('tree').getAttribute('aria-activedescendant');
const press = (key: string) => fireEvent.keyDown(screen.getByTestId('tree'), { key });

describe('the tree', () => {
  it('has the site, its servers, groups within groups, and cameras', async () => {
    renderPage(<CameraTree />);
    await screen.findByTestId('tree-elsewhere-Warehouse');
    expect(lines()).toEqual([
      'site',
      'server',
      'server/Hall',
      'server/Hall/Cellar',
      'dock',
      'door',
      'yard',
      'https://warehouse.example',
    ]);
    const hall = screen.getByTestId('tree-group-server/Hall');
    expect(hall.getAttribute('aria-level')).toBe('3');
    expect([hall.getAttribute('aria-posinset'), hall.getAttribute('aria-setsize')]).toEqual(['1', '2']);
    // Two cameras, of which one is offline.
    expect(hall.querySelector('[data-state]')?.getAttribute('title')).toBe('1 × Offline');
    expect(hall.textContent).toMatch(/2$/);
  });

  it('is opened, closed and walked by keys, also from right to left', async () => {
    renderPage(<CameraTree />);
    await screen.findByTestId('tree-elsewhere-Warehouse');
    press('h');
    expect(active()).toBe('tree-row-server/Hall');
    press('ArrowLeft');
    await waitFor(() => expect(lines()).not.toContain('dock'));
    expect(screen.getByTestId('tree-group-server/Hall').getAttribute('aria-expanded')).toBe('false');
    document.documentElement.dir = 'rtl';
    press('ArrowLeft');
    await waitFor(() => expect(lines()).toContain('dock'));
    press('End');
    expect(active()).toBe('tree-row-https://warehouse.example');
    press('ArrowRight');
    expect(active()).toBe('tree-row-site');
  });

  it('keeps a camera that was searched for and chosen in view when the search is gone', async () => {
    renderPage(<CameraTree />);
    await screen.findByTestId('tree-elsewhere-Warehouse');
    press('Home');
    press('ArrowLeft');
    await waitFor(() => expect(lines()).toEqual(['site']));
    await userEvent.type(screen.getByTestId('tree-filter'), 'dock');
    await userEvent.click(await screen.findByTestId('tree-camera-dock'));
    await userEvent.clear(screen.getByTestId('tree-filter'));
    await waitFor(() => expect(lines()).toContain('yard'));
    expect(lines()).toContain('dock');
  });
});
