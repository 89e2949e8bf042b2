// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, loginAnswer, problem, server, withServer } from '../../test/server';
import { login, logout, resumeSession, useSession } from './session';

withServer();
const CSRF = 'nxvms_csrf=abc; Path=/';
beforeEach(() => {
  localStorage.clear();
  document.cookie = CSRF;
  useSession.setState({ phase: 'unknown', user: undefined });
  // "Just now" is a few seconds; the machine may stand still for longer.
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => vi.useRealTimers());

const signedOut = [
  http.get(api('/api/v1/auth/me'), () => problem(401, 'unauthenticated', '')),
  http.post(api('/api/v1/auth/refresh'), () => problem(401, 'unauthenticated', '')),
];

describe('a page that starts', () => {
  it('where nobody is signed in asks for nothing that would be refused', async () => {
    document.cookie = `${CSRF}; Max-Age=0`;
    await resumeSession();
    expect(useSession.getState().phase).toBe('anonymous');
  });

  it('where nobody is signed in waits for the server', async () => {
    document.cookie = `${CSRF}; Max-Age=0`;
    server.use(http.get(api('/api/v1/auth/outside'), () => HttpResponse.error()));
    await expect(resumeSession()).rejects.toThrow();
    expect(useSession.getState().phase).toBe('unknown');
  });

  it('goes on with the session there is, by one request', async () => {
    server.use(http.post(api('/api/v1/auth/refresh'), () => HttpResponse.json(loginAnswer())));
    await resumeSession();
    expect(useSession.getState()).toMatchObject({ phase: 'active', user: { username: 'admin' } });
  });

  it('after its session was ended elsewhere comes to the login page', async () => {
    server.use(...signedOut);
    await resumeSession();
    expect(useSession.getState().phase).toBe('anonymous');
  });

  it('just after another tab has signed out comes to the login page', async () => {
    localStorage.setItem('nxvms.refreshedAt', String(Date.now()));
    server.use(...signedOut);
    await resumeSession();
    expect(useSession.getState().phase).toBe('anonymous');
  });

  it('just after another tab has renewed the cookies is signed in', async () => {
    localStorage.setItem('nxvms.refreshedAt', String(Date.now()));
    server.use(
      http.get(api('/api/v1/auth/me'), () =>
        HttpResponse.json({ ...loginAnswer().user, mustChangePassword: false }),
      ),
    );
    await resumeSession();
    expect(useSession.getState()).toMatchObject({ phase: 'active', user: { username: 'admin' } });
  });
});

describe('signing out', () => {
  it('leaves nothing behind that a page started at once could take for a session', async () => {
    server.use(
      http.post(api('/api/v1/auth/logout'), () => new HttpResponse(null, { status: 204 })),
      ...signedOut,
    );
    localStorage.setItem('nxvms.refreshedAt', String(Date.now()));
    await logout();
    expect(localStorage.getItem('nxvms.refreshedAt')).toBeNull();
  });
});

describe('signing out that fails', () => {
  it.each([
    ['the server does not answer', () => HttpResponse.error()],
    ['the part for it is being exchanged', () => problem(503, 'unavailable', '')],
  ])('leaves the user signed in, and is told: %s', async (_why, answer) => {
    server.use(
      http.post(api('/api/v1/auth/login'), () => HttpResponse.json(loginAnswer())),
      http.post(api('/api/v1/auth/logout'), answer),
    );
    await login('admin', 'secret');
    await expect(logout()).rejects.toThrow();
    expect(useSession.getState()).toMatchObject({ phase: 'active', user: { username: 'admin' } });
  });

  it('of a session that has ended comes to the login page all the same', async () => {
    server.use(http.post(api('/api/v1/auth/logout'), () => HttpResponse.error()));
    useSession.setState({ phase: 'expired' });
    await logout();
    expect(useSession.getState().phase).toBe('anonymous');
  });
});

describe('renewing', () => {
  it('is tried again soon when it fails, so that live pictures go on', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const told: number[] = [];
    const seen = new Promise<void>((resolve) => {
      server.use(
        http.post(api('/api/v1/auth/login'), () => HttpResponse.json(loginAnswer())),
        http.post(api('/api/v1/auth/refresh'), () => {
          told.push(told.length);
          if (told.length === 1) {
            return HttpResponse.error();
          }
          resolve();
          return HttpResponse.json(loginAnswer());
        }),
      );
    });
    await login('admin', 'secret');
    await vi.advanceTimersByTimeAsync(loginAnswer().expiresInSeconds * 1000 * 0.75);
    // Answers come outside the virtual time: the second try is awaited, for at most ten minutes of it.
    for (let second = 0; told.length < 2 && second < 600; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(told.length).toBe(2);
    await seen;
  });
});
