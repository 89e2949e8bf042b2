// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import type { RouteContext } from 'nxvms-console-host';
import { Link, Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { element, extension, installed, noExtensions } from '../../../test/extensions';
import { renderPage } from '../../../test/render';
import { api, listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { setLanguage } from '../../i18n';
import { PluginsPage } from '../plugins/PluginsPage';
import { PageNav } from '../shell/PageNav';
import { ExtensionPage } from './ExtensionPage';

withServer();

beforeEach(() => {
  noExtensions();
  useSession.setState({ phase: 'active', user: userWith('administrator') });
});
afterEach(() => act(() => installed()));

const plates = (version: string) =>
  extension(
    'plates',
    [{ slot: 'nav.page', name: 'list', title: 'title', icon: '/console/ext/icon.svg' }],
    (host) =>
      host.registerRoute(
        'list',
        element<RouteContext>(host, 'page', (context) => `${version} at ${context?.path}${context?.search}`),
      ),
  );

describe('a page', () => {
  const app = () =>
    renderPage(
      <>
        <PageNav />
        <Link to="/extensions/plates/list/seen/today?sort=time">deeper</Link>
        <Routes>
          <Route path="/extensions/:extensionId/:name/*" element={<ExtensionPage />} />
          <Route path="*" element={<main>elsewhere</main>} />
        </Routes>
      </>,
    );

  it('comes, is exchanged and goes without anything being loaded again', async () => {
    app();
    expect(screen.queryByTestId('nav-extension-plates-list')).toBeNull();
    act(() => installed(plates('one')));
    await userEvent.click(await screen.findByTestId('nav-extension-plates-list'));
    const shown = screen.getByTestId('extension-plates-list');
    await waitFor(() => expect(shown.textContent).toBe('one at '));
    fireEvent.click(screen.getByText('deeper'));
    await waitFor(() => expect(shown.textContent).toBe('one at seen/today?sort=time'));

    act(() => installed(plates('two')));
    await waitFor(() =>
      expect(screen.getByTestId('extension-plates-list').textContent).toBe('two at seen/today?sort=time'),
    );
    act(() => installed());
    expect(screen.getByTestId('extension-removed').textContent).toBe('The plugin of this page was removed.');
    expect(screen.queryByTestId('nav-extension-plates-list')).toBeNull();
    act(() => installed(plates('three')));
    await waitFor(() =>
      expect(screen.getByTestId('extension-plates-list').textContent).toContain('three at'),
    );
  });

  it('has its title in the language of the user', async () => {
    app();
    act(() => installed(plates('one')));
    expect(screen.getByTestId('nav-extension-plates-list').textContent).toBe('Extension plates');
    await act(() => setLanguage('de'));
    expect(screen.getByTestId('nav-extension-plates-list').textContent).toBe('Erweiterung plates');
    await act(() => setLanguage('en'));
  });

  it('that was never there is not found', async () => {
    act(() => installed());
    renderPage(
      <Routes>
        <Route path="/extensions/:extensionId/:name/*" element={<ExtensionPage />} />
      </Routes>,
      '/extensions/plates/list',
    );
    expect(screen.getByTestId('extension-none').textContent).toBe('There is no such page');
  });

  it('that fails says so in its place, is told on the page of plugins, and comes when it is tried again', async () => {
    let broken = true;
    const one = extension('plates', [{ slot: 'nav.page', name: 'list', title: 'title' }], (host) => {
      customElements.define(
        host.tag('page'),
        class extends HTMLElement {
          connectedCallback() {
            if (broken) {
              throw new Error('no camera');
            }
            this.textContent = 'here';
          }
        },
      );
      host.registerRoute('list', host.tag('page'));
    });
    act(() => installed(one));
    server.use(
      http.get(api('/api/v1/plugins'), () => HttpResponse.json({ items: [] })),
      http.get(api('/api/v1/console/extensions/refused'), () =>
        HttpResponse.json({
          items: [{ bundle: 'org.example.flawed', version: '1.0.0', reason: 'No icon.' }],
        }),
      ),
      ...listing([]),
    );
    renderPage(
      <>
        <PageNav />
        <Routes>
          <Route path="/extensions/:extensionId/:name/*" element={<ExtensionPage />} />
          <Route path="*" element={<PluginsPage />} />
        </Routes>
        <Link to="/plugins">plugins</Link>
      </>,
    );
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await userEvent.click(screen.getByTestId('nav-extension-plates-list'));
    const told = await screen.findByTestId('extension-failed-plates-list');
    expect(told.textContent).toContain('Extension plates cannot be shown');
    expect(told.textContent).toContain('no camera');
    fireEvent.click(screen.getByText('plugins'));
    const fault = await screen.findByTestId('extension-fault-plates');
    expect(fault.textContent).toBe('Extension plates has failed. Error: no camera');
    expect((await screen.findByTestId('extension-refused-org.example.flawed')).textContent).toContain(
      'No icon.',
    );

    fireEvent.click(screen.getByTestId('nav-extension-plates-list'));
    await screen.findByTestId('extension-failed-plates-list');
    broken = false;
    await userEvent.click(screen.getByText('Try again'));
    await waitFor(() => expect(screen.getByTestId('extension-plates-list').textContent).toBe('here'));
    expect(screen.queryByTestId('extension-failed-plates-list')).toBeNull();
    quiet.mockRestore();
  });
});
