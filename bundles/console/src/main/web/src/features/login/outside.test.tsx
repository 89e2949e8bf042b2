// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, loginAnswer, problem, server, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { LoginPage } from './LoginPage';

withServer();
beforeEach(() => {
  useSession.setState({ phase: 'anonymous', user: undefined });
  history.replaceState(null, '', '/console/');
});

const CORP = { id: 'corp', title: 'Sign in with Corp', path: '/api/v1/oidc/corp/start' };

function offers(...items: (typeof CORP)[]) {
  server.use(http.get(api('/api/v1/auth/outside'), () => HttpResponse.json({ items })));
}

describe('signing in at a provider', () => {
  it('has a button for each provider, which appears while the page is open', async () => {
    renderPage(<LoginPage />);
    await screen.findByTestId('login-submit');
    expect(screen.queryByTestId('outside')).toBeNull();
    offers(CORP);
    const button = await screen.findByTestId('outside-corp');
    expect(button.textContent).toBe('Sign in with Corp');
    expect(button.getAttribute('href')).toBe('/api/v1/oidc/corp/start');
  });

  it('exchanges what the provider left for a session, once, and says nothing of it in the address', async () => {
    const sent: unknown[] = [];
    server.use(
      http.post(api('/api/v1/auth/outside'), async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json(loginAnswer());
      }),
    );
    history.replaceState(null, '', '/console/?signin=done');
    renderPage(<LoginPage />);
    await waitFor(() => expect(useSession.getState().phase).toBe('active'));
    expect(sent).toEqual([{}]);
    expect(location.search).toBe('');
  });

  it('asks for the one-time code of this server', async () => {
    const sent: unknown[] = [];
    server.use(
      http.post(api('/api/v1/auth/outside'), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1 ? problem(401, 'totp-required', 'code') : HttpResponse.json(loginAnswer());
      }),
    );
    history.replaceState(null, '', '/console/?signin=done');
    renderPage(<LoginPage />);
    await userEvent.type(await screen.findByTestId('outside-code'), '123456{Enter}');
    await waitFor(() => expect(useSession.getState().phase).toBe('active'));
    expect(sent[1]).toEqual({ totp: '123456' });
  });

  it('says in words why nobody was signed in', async () => {
    history.replaceState(null, '', '/console/?signin=provider_unreachable');
    renderPage(<LoginPage />);
    expect((await screen.findByTestId('outside-problem')).textContent).toContain('does not answer');
    expect(location.search).toBe('');
  });

  it('shows nothing of what strangers write into the address', async () => {
    history.replaceState(null, '', '/console/?signin=Call+0800+your+bank');
    renderPage(<LoginPage />);
    expect((await screen.findByTestId('outside-problem')).textContent).not.toContain('bank');
  });

  it('says that no group has a role here', async () => {
    server.use(http.post(api('/api/v1/auth/outside'), () => problem(403, 'no-role', 'no role')));
    history.replaceState(null, '', '/console/?signin=done');
    renderPage(<LoginPage />);
    expect((await screen.findByTestId('outside-problem')).textContent).toContain('none of your groups');
    expect(useSession.getState().phase).toBe('anonymous');
  });
});
