// SPDX-License-Identifier: Apache-2.0
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, loginAnswer, problem, server, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { learnServerName, useServerName } from '../../ui/serverName';
import { LoginPage } from './LoginPage';
import { PasswordPage } from './PasswordPage';

withServer();
beforeEach(() => useSession.setState({ phase: 'anonymous', user: undefined }));

describe('login page', () => {
  it('signs in with a cookie session', async () => {
    let sent: unknown;
    server.use(
      http.post(api('/api/v1/auth/login'), async ({ request }) => {
        sent = await request.json();
        return HttpResponse.json(loginAnswer());
      }),
    );
    renderPage(<LoginPage />);
    await userEvent.type(screen.getByTestId('login-username'), 'admin');
    await userEvent.type(screen.getByTestId('login-password'), 'secret{Enter}');
    await waitFor(() => expect(useSession.getState().phase).toBe('active'));
    expect(sent).toEqual({ username: 'admin', password: 'secret', cookie: true });
    expect(useSession.getState().user).toMatchObject({ username: 'admin', role: 'administrator' });
  });

  it('says of which server it is, once somebody has signed in at it', () => {
    useServerName.setState({ name: undefined });
    renderPage(<LoginPage />);
    expect(screen.queryByTestId('entry-server')).toBeNull();
    act(() => learnServerName('Depot'));
    expect(screen.getByTestId('entry-server').textContent).toBe('Depot');
  });

  it('says in place that the password is wrong, and the focus stays in the form', async () => {
    server.use(http.post(api('/api/v1/auth/login'), () => problem(401, 'unauthenticated', 'no')));
    renderPage(<LoginPage />);
    await userEvent.type(screen.getByTestId('login-username'), 'admin');
    await userEvent.type(screen.getByTestId('login-password'), 'wrong');
    await userEvent.click(screen.getByTestId('login-submit'));
    expect((await screen.findByRole('alert')).textContent).toContain('User name or password is wrong');
    expect(document.activeElement).toBe(screen.getByTestId('login-password'));
    expect(useSession.getState().phase).toBe('anonymous');
  });

  it('asks for what is missing without asking the server', async () => {
    renderPage(<LoginPage />);
    await userEvent.click(screen.getByTestId('login-submit'));
    expect((await screen.findByRole('alert')).textContent).toContain('Enter user name and password');
    expect(document.activeElement).toBe(screen.getByTestId('login-username'));
  });

  it('asks for a one-time code when the server does', async () => {
    const sent: unknown[] = [];
    server.use(
      http.post(api('/api/v1/auth/login'), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(401, 'totp-required', 'needs a code')
          : sent.length === 2
            ? problem(401, 'totp-wrong', 'wrong')
            : HttpResponse.json(loginAnswer());
      }),
    );
    renderPage(<LoginPage />);
    await userEvent.type(screen.getByTestId('login-username'), 'admin');
    await userEvent.type(screen.getByTestId('login-password'), 'secret{Enter}');
    const code = await screen.findByTestId('login-code');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(document.activeElement).toBe(code);
    await userEvent.type(code, '111111{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('wrong or was used before');
    await userEvent.type(screen.getByTestId('login-code'), '222 222{Enter}');
    await waitFor(() => expect(useSession.getState().phase).toBe('active'));
    expect(sent[2]).toEqual({ username: 'admin', password: 'secret', cookie: true, totp: '222 222' });
  });

  it('says when the server limits tries', async () => {
    server.use(
      http.post(api('/api/v1/auth/login'), () => problem(429, 'too-many-requests', 'Try again in 30 s')),
    );
    renderPage(<LoginPage />);
    await userEvent.type(screen.getByTestId('login-username'), 'admin');
    await userEvent.type(screen.getByTestId('login-password'), 'x{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('Try again in 30 s');
  });
});

describe('forced password change', () => {
  beforeEach(() =>
    useSession.setState({ phase: 'active', user: { ...loginAnswer().user, mustChangePassword: true } }),
  );

  async function fill(current: string, next: string, again = next) {
    await userEvent.type(screen.getByTestId('password-current'), current);
    await userEvent.type(screen.getByTestId('password-new'), next);
    await userEvent.type(screen.getByTestId('password-repeat'), again);
    await userEvent.click(screen.getByTestId('password-submit'));
  }

  it('ends with a session under the new password', async () => {
    const sent: unknown[] = [];
    server.use(
      http.post(api('/api/v1/auth/password'), async ({ request }) => {
        sent.push(await request.json());
        return new HttpResponse(null, { status: 204 });
      }),
      http.post(api('/api/v1/auth/login'), async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json(loginAnswer(false));
      }),
    );
    renderPage(<PasswordPage />);
    await fill('initial', 'a better one');
    await waitFor(() => expect(useSession.getState().user?.mustChangePassword).toBe(false));
    expect(sent).toEqual([
      { currentPassword: 'initial', newPassword: 'a better one' },
      { username: 'admin', password: 'a better one', cookie: true },
    ]);
  });

  it("shows the server's objection at its field", async () => {
    server.use(
      http.post(api('/api/v1/auth/password'), () =>
        problem(422, 'validation', '', [{ field: 'newPassword', detail: 'is too easy to guess' }]),
      ),
    );
    renderPage(<PasswordPage />);
    await fill('initial', 'adminadmin');
    expect(await screen.findByText('is too easy to guess')).toBeTruthy();
    expect(useSession.getState().user?.mustChangePassword).toBe(true);
  });

  it('notices a typing mistake before asking', async () => {
    renderPage(<PasswordPage />);
    await fill('initial', 'one thing', 'another');
    expect(await screen.findByText('The two new passwords differ.')).toBeTruthy();
  });
});
