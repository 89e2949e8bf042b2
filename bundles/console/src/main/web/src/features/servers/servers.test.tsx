// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, listing, problem, server, withServer } from '../../../test/server';
import type { KnownServer } from '../../api/servers';
import { otherConsole, serverAddress } from './otherConsole';
import { ServerMenu } from './ServerMenu';
import { ServersPage } from './ServersPage';

withServer();

const NORTH = { name: 'Depot North', address: 'https://north.example' };
const HARBOUR = { name: 'Harbour', address: 'http://192.0.2.7:8080' };

/** What the server keeps; changes are made upon the newest version. */
let kept: { version: number; servers: KnownServer[] };
let asked: number;

beforeEach(() => {
  kept = { version: 1, servers: [NORTH, HARBOUR] };
  asked = 0;
  server.use(
    ...listing([]),
    http.get(api('/api/v1/known-servers'), () => {
      asked++;
      return HttpResponse.json(kept, { headers: { ETag: `"${kept.version}"` } });
    }),
    http.get(api('/api/v1/known-servers/states'), () =>
      HttpResponse.json({
        items: kept.servers.map(({ address }) => ({
          address,
          state: address === NORTH.address ? 'ready' : 'silent',
        })),
      }),
    ),
    http.patch(api('/api/v1/known-servers'), async ({ request }) => {
      const { servers } = (await request.json()) as { servers: KnownServer[] };
      if (request.headers.get('If-Match') !== `"${kept.version}"`) {
        return problem(412, 'precondition-failed', 'It was changed meanwhile.');
      }
      if (servers.some(({ name }) => name === 'refused')) {
        return problem(422, 'validation', 'One field.', [
          { field: `servers[${servers.length - 1}].name`, detail: 'Not that one.' },
        ]);
      }
      kept = { version: kept.version + 1, servers };
      return HttpResponse.json(kept, { headers: { ETag: `"${kept.version}"` } });
    }),
  );
});

describe('the selector of servers', () => {
  it('leads to the consoles of others, at the page that is open, and says how they are', async () => {
    renderPage(<ServerMenu className="" />, '/events');
    expect(asked).toBe(0);
    await userEvent.click(screen.getByTestId('servers'));
    const north = await screen.findByTestId('servers-open-Depot North');
    expect(north.getAttribute('href')).toBe('https://north.example/console/events');
    await waitFor(() => expect(north.dataset.state).toBe('ready'));
    within(north).getByText('answers');
    expect(screen.getByTestId('servers-open-Harbour').dataset.state).toBe('silent');
    expect(screen.getByTestId('servers-here').textContent).toBe('This server: Site A');
  });

  it('carries nothing along that only this server has', () => {
    const at = (pathname: string) => otherConsole('https://a.example', pathname);
    expect(at('/playback/7d0d')).toBe('https://a.example/console/playback');
    expect(at('/control/7d0d')).toBe('https://a.example/console/live');
    expect(at('/extensions/plates/list')).toBe('https://a.example/console/live');
    expect(at('/')).toBe('https://a.example/console/live');
    expect(at('/users/u1/rights')).toBe('https://a.example/console/users');
  });

  it('takes addresses as they are typed or copied', () => {
    expect(serverAddress(' north.example ')).toBe('https://north.example');
    expect(serverAddress('North.example:8443/console/live?x#y')).toBe('https://north.example:8443');
    expect(serverAddress('http://192.0.2.7:8080')).toBe('http://192.0.2.7:8080');
    expect(serverAddress('[2001:db8::1]')).toBe('https://[2001:db8::1]');
    for (const none of ['', 'https://', 'ftp://x', 'javascript://x', 'https://me:secret@x', 'a b']) {
      expect(serverAddress(none), none).toBeUndefined();
    }
  });
});

describe('the page of servers', () => {
  const names = () => screen.queryAllByTestId(/^server-open-/).map(({ textContent }) => textContent);

  async function enter(name: string, address: string) {
    for (const [field, text] of [
      ['server-name', name],
      ['server-address', address],
    ] as const) {
      await userEvent.clear(screen.getByTestId(field));
      await userEvent.click(screen.getByTestId(field));
      await userEvent.paste(text);
    }
    await userEvent.click(screen.getByTestId('server-save'));
  }

  it('adds, orders, changes and removes', async () => {
    renderPage(<ServersPage />);
    await waitFor(() => expect((screen.getByTestId('server-add') as HTMLButtonElement).disabled).toBe(false));
    await userEvent.click(screen.getByTestId('server-add'));
    await screen.findByTestId('server-form');
    await enter('Again', 'https://NORTH.example/');
    await screen.findByText('“Depot North” has this address already.');
    await enter('refused', 'south.example');
    await screen.findByText('Not that one.');
    await enter('South', 'south.example');
    await waitFor(() => expect(names()).toEqual(['Depot North', 'Harbour', 'South']));
    await waitFor(() => expect(screen.queryByTestId('server-form')).toBeNull());

    await userEvent.click(screen.getByTestId('server-up-South'));
    await waitFor(() => expect(names()).toEqual(['Depot North', 'South', 'Harbour']));

    await userEvent.click(screen.getByTestId('server-edit-Harbour'));
    await screen.findByTestId('server-form');
    await enter('Hafen', 'https://harbour.example');
    await waitFor(() => expect(names()).toEqual(['Depot North', 'South', 'Hafen']));

    await waitFor(() =>
      expect((screen.getByTestId('server-remove-Depot North') as HTMLButtonElement).disabled).toBe(false),
    );
    await userEvent.click(screen.getByTestId('server-remove-Depot North'));
    await waitFor(() => expect(names()).toEqual(['South', 'Hafen']));
    expect(kept).toEqual({
      version: 5,
      servers: [
        { name: 'South', address: 'https://south.example' },
        { name: 'Hafen', address: 'https://harbour.example' },
      ],
    });
  });

  it('changes nothing upon what another window has changed, and shows that', async () => {
    renderPage(<ServersPage />);
    await screen.findByTestId('server-remove-Harbour');
    kept = { version: 2, servers: [HARBOUR] };
    await userEvent.click(screen.getByTestId('server-remove-Harbour'));
    await screen.findByRole('alert');
    await waitFor(() => expect(names()).toEqual(['Harbour']));
    expect(kept.version).toBe(2);
  });

  it('says of an address without encryption what that means', async () => {
    renderPage(<ServersPage />);
    const harbour = await screen.findByTestId('server-Harbour');
    within(harbour).getByText(/others on the way can read your password/);
    expect(within(screen.getByTestId('server-Depot North')).queryByText(/others on the way/)).toBeNull();
  });
});
