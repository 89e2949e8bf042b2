// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { apiKey as key } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, problem, server, userWith, withServer } from '../../../test/server';
import type { ApiKey } from '../../api/keys';
import { useSession } from '../../api/session';
import { KeysPage } from './KeysPage';

withServer();
const KEYS = '/api/v1/api-keys';
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
let keys: ApiKey[];

/** What a browser gives to secure pages only. */
const clipboard = (value: unknown) =>
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value });

beforeEach(() => {
  keys = [key('wall'), key('old', { expires: inDays(-1) }), key('soon', { expires: inDays(2.5) })];
  useSession.setState({
    phase: 'active',
    user: { ...userWith('administrator'), permissions: ['view_live', 'talk', 'manage_users'] },
  });
  server.use(
    http.get(api(KEYS), ({ request }) =>
      HttpResponse.json({
        items: new URL(request.url).searchParams.get('all')
          ? [...keys, key('gate', { userId: 'u2', used: '2026-11-20T10:00:00.000Z' })]
          : keys,
      }),
    ),
    http.get(api('/api/v1/users'), () =>
      HttpResponse.json({ items: [{ id: 'u2', username: 'guard', role: 'viewer' }] }),
    ),
  );
});

describe('API keys', () => {
  it('are listed with how long they last; whoever manages users sees those of all', async () => {
    renderPage(<KeysPage />);
    expect(within(await screen.findByTestId('key-wall')).getByText('never')).toBeTruthy();
    expect(within(screen.getByTestId('key-old')).getByText('expired')).toBeTruthy();
    expect(within(screen.getByTestId('key-soon')).getByText('3 days left')).toBeTruthy();
    expect(screen.queryByTestId('key-gate')).toBeNull();
    await userEvent.click(screen.getByText('Of all users'));
    expect(await within(await screen.findByTestId('key-gate')).findByText('guard')).toBeTruthy();
  });

  it('that are being made are waited for: left alone, nobody would know them', async () => {
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let asked = false;
    server.use(
      http.post(api(KEYS), async () => {
        asked = true;
        await answered;
        return HttpResponse.json({ key: 'nxk_late', details: key('door') }, { status: 201 });
      }),
    );
    renderPage(<KeysPage />);
    await userEvent.click(await screen.findByTestId('key-add'));
    await userEvent.type(screen.getByTestId('key-name'), 'door');
    await userEvent.click(screen.getByTestId('scope-talk'));
    await userEvent.type(screen.getByTestId('key-password'), 'secret');
    await userEvent.click(screen.getByTestId('key-save'));
    await waitFor(() => expect(asked).toBe(true));
    await userEvent.keyboard('{Escape}');
    expect(screen.getByText<HTMLElement>('Cancel').closest('button')?.disabled).toBe(true);
    answer();
    expect((await screen.findByTestId<HTMLInputElement>('key-secret')).value).toBe('nxk_late');
  });

  it('are of one user alone for who does not manage users', async () => {
    useSession.setState({ phase: 'active', user: userWith('viewer') });
    renderPage(<KeysPage />);
    await screen.findByTestId('key-wall');
    expect(screen.queryByTestId('keys-whose')).toBeNull();
  });

  it('are made of own rights, take the password, and are shown once', async () => {
    const sent: unknown[] = [];
    const copied: string[] = [];
    clipboard({ writeText: async (text: string) => copied.push(text) });
    server.use(
      http.post(api(KEYS), async ({ request }) => {
        sent.push(await request.json());
        if (sent.length === 1) {
          return problem(422, 'validation', '', [{ field: 'password', detail: 'The password is wrong.' }]);
        }
        keys = [...keys, key('door')];
        return HttpResponse.json({ key: 'nxk_secret', details: key('door') }, { status: 201 });
      }),
    );
    renderPage(<KeysPage />);
    await userEvent.click(await screen.findByTestId('key-add'));
    expect(screen.queryByTestId('scope-manage_cameras')).toBeNull();
    await userEvent.click(screen.getByTestId('key-save'));
    expect(await screen.findByText('Choose at least one.')).toBeTruthy();
    await userEvent.type(screen.getByTestId('key-name'), 'door');
    await userEvent.click(screen.getByTestId('scope-talk'));
    await userEvent.clear(screen.getByTestId('key-days'));
    await userEvent.type(screen.getByTestId('key-days'), '30');
    await userEvent.type(screen.getByTestId('key-password'), 'wrong');
    await userEvent.click(screen.getByTestId('key-save'));
    expect(await screen.findByText('The password is wrong.')).toBeTruthy();
    expect(screen.queryByTestId('key-problem')).toBeNull();
    await userEvent.click(screen.getByTestId('key-save'));
    const shown = (await screen.findByTestId('key-secret')) as HTMLInputElement;
    expect(shown.value).toBe('nxk_secret');
    expect(sent[1]).toEqual({ name: 'door', scopes: ['talk'], expiresInDays: 30, password: 'wrong' });
    await userEvent.click(screen.getByTestId('key-copy'));
    expect(await screen.findByText('Copied.')).toBeTruthy();
    expect(copied).toEqual(['nxk_secret']);
    await userEvent.keyboard('{Escape}');
    expect(screen.getByTestId('key-secret')).toBeTruthy();
    await userEvent.click(screen.getByTestId('key-kept'));
    await waitFor(() => expect(screen.queryByTestId('key-secret')).toBeNull());
    expect(await screen.findByTestId('key-door')).toBeTruthy();
  });

  it('are selected to be copied by hand where the page may not use the clipboard', async () => {
    server.use(
      http.post(api(KEYS), () =>
        HttpResponse.json({ key: 'nxk_secret', details: key('door') }, { status: 201 }),
      ),
    );
    renderPage(<KeysPage />);
    await userEvent.click(await screen.findByTestId('key-add'));
    await userEvent.type(screen.getByTestId('key-name'), 'door');
    await userEvent.click(screen.getByTestId('scope-talk'));
    await userEvent.type(screen.getByTestId('key-password'), 'right{Enter}');
    await screen.findByTestId('key-secret');
    clipboard(undefined);
    await userEvent.click(screen.getByTestId('key-copy'));
    expect(await screen.findByText(/press Ctrl\+C/)).toBeTruthy();
  });

  it('are removed when that was confirmed', async () => {
    let removed = false;
    server.use(
      http.delete(api(`${KEYS}/id-wall`), () => {
        removed = true;
        keys = keys.filter(({ name }) => name !== 'wall');
        return new HttpResponse(null, { status: 204 });
      }),
    );
    renderPage(<KeysPage />);
    await userEvent.click(await screen.findByTestId('key-remove-wall'));
    expect(removed).toBe(false);
    await userEvent.click(screen.getByTestId('key-confirm'));
    await waitFor(() => expect(screen.queryByTestId('key-wall')).toBeNull());
    expect(removed).toBe(true);
  });
});
