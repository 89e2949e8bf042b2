// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { reportReachable, reportUnreachable } from './connection';
import { ApiProblem, NetworkProblem } from './problem';
import type { LoginAnswer, SessionUser } from './types';

/**
 * unknown: not asked yet. anonymous: the login page. active: signed in. expired: was signed in, the re-login dialog
 * stands over the page and requests wait for it.
 */
export type SessionPhase = 'unknown' | 'anonymous' | 'active' | 'expired';

interface SessionState {
  phase: SessionPhase;
  user?: SessionUser;
}

export const useSession = create<SessionState>(() => ({ phase: 'unknown' }));

const REFRESHED_KEY = 'nxvms.refreshedAt';
const REFRESH_SHARED_MS = 5_000;
const REFRESH_MARGIN = 0.75;
/** When the life of the cookies is not known, or renewing them has just failed. */
const REFRESH_SOON_S = 30;

let refreshing: Promise<boolean> | undefined;
let refreshTimer: ReturnType<typeof setTimeout> | undefined;
let waiters: (() => void)[] = [];

export function csrfToken(): string | undefined {
  const match = /(?:^|;\s*)nxvms_csrf=([^;]*)/.exec(document.cookie);
  return match?.[1] === undefined ? undefined : decodeURIComponent(match[1]);
}

async function post(path: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const csrf = csrfToken();
  if (csrf) {
    headers['X-NXvms-CSRF'] = csrf;
  }
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      credentials: 'same-origin',
    });
    reportReachable();
    return response;
  } catch (cause) {
    reportUnreachable();
    throw new NetworkProblem(cause);
  }
}

function begin(answer: LoginAnswer): void {
  const user = { ...answer.user, mustChangePassword: answer.mustChangePassword };
  useSession.setState({ phase: 'active', user });
  planRefresh(answer.expiresInSeconds);
  const resumed = waiters;
  waiters = [];
  for (const resume of resumed) {
    resume();
  }
}

/** Renews before the access cookie ends: live pictures go on only as long as the session is renewed in time. */
function planRefresh(expiresInSeconds: number): void {
  clearTimeout(refreshTimer);
  const delayMs = Math.max(10, expiresInSeconds * REFRESH_MARGIN) * 1000;
  refreshTimer = setTimeout(
    () => void refresh().catch(() => planRefresh(REFRESH_SOON_S)),
    Math.min(delayMs, 2 ** 31 - 1),
  );
}

/**
 * @param code a one-time code or a recovery code, for users with a second factor
 * @throws ApiProblem for wrong credentials; the session is then as it was
 */
export async function login(username: string, password: string, code?: string): Promise<void> {
  const totp = code ? { totp: code } : {};
  const response = await post('/api/v1/auth/login', { username, password, cookie: true, ...totp });
  if (!response.ok) {
    throw await ApiProblem.from(response);
  }
  begin((await response.json()) as LoginAnswer);
}

/** A way in that begins at a provider. */
export interface OutsideProvider {
  id: string;
  title: string;
  path: string;
}

/** Which providers people may sign in at. Needs no session. */
export async function outsideProviders(signal?: AbortSignal): Promise<OutsideProvider[]> {
  const response = await fetch('/api/v1/auth/outside', { signal });
  if (!response.ok) {
    throw await ApiProblem.from(response);
  }
  return ((await response.json()) as { items: OutsideProvider[] }).items;
}

/**
 * Exchanges what a provider's answer left in a cookie for a session.
 *
 * @param code a one-time code or a recovery code, for users with a second factor
 * @throws ApiProblem when there is nothing to exchange, or who it is may not come in
 */
export async function loginFromOutside(code?: string): Promise<void> {
  const response = await post('/api/v1/auth/outside', code ? { totp: code } : {});
  if (!response.ok) {
    throw await ApiProblem.from(response);
  }
  begin((await response.json()) as LoginAnswer);
}

/**
 * Ends the session at the server, and only then here: whoever walks away from the login page must not come back into it
 * by a reload.
 *
 * @throws ApiProblem, NetworkProblem when the server did not end it; the session is then as it was
 */
export async function logout(): Promise<void> {
  // What it is answered after this would sign in again.
  await refreshing?.catch(() => undefined);
  if (useSession.getState().phase === 'active') {
    const response = await post('/api/v1/auth/logout', {});
    if (!response.ok && response.status !== 401) {
      throw await ApiProblem.from(response);
    }
  } else {
    // It has ended already.
    await post('/api/v1/auth/logout', {}).catch(() => undefined);
  }
  clearTimeout(refreshTimer);
  // A refresh of a moment ago is worth nothing now.
  localStorage.removeItem(REFRESHED_KEY);
  useSession.setState({ phase: 'anonymous', user: undefined });
}

export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  const response = await post('/api/v1/auth/password', { currentPassword, newPassword });
  if (!response.ok) {
    throw await ApiProblem.from(response);
  }
  // Changing the password may end this session too; signing in again makes it certain that there is one.
  const { user } = useSession.getState();
  try {
    await login(user?.username ?? '', newPassword);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.kind === 'totp-required')) {
      throw error;
    }
    // Not for want of a code: this session goes on.
    useSession.setState({ user: user && { ...user, mustChangePassword: false } });
  }
}

/**
 * Renews the cookies. One at a time over all tabs: a refresh token used twice revokes the whole session.
 *
 * @returns false when there is no session any more
 */
export function refresh(): Promise<boolean> {
  refreshing ??= withTabLock(async () => {
    const sharedAgeMs = Date.now() - Number(localStorage.getItem(REFRESHED_KEY) ?? 0);
    if (sharedAgeMs >= 0 && sharedAgeMs < REFRESH_SHARED_MS) {
      // Done by another tab, which may be closed before the next time.
      planRefresh(REFRESH_SOON_S);
      return true;
    }
    const response = await post('/api/v1/auth/refresh', {});
    if (!response.ok) {
      if (response.status === 401 || response.status === 403) {
        return false;
      }
      throw await ApiProblem.from(response);
    }
    localStorage.setItem(REFRESHED_KEY, String(Date.now()));
    const answer = (await response.json()) as LoginAnswer;
    const known = useSession.getState().user;
    if (known && known.id !== answer.user.id) {
      // Another user signed in from another tab: nothing on this page is theirs.
      location.reload();
    }
    begin(answer);
    return true;
  }).finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

async function withTabLock(action: () => Promise<boolean>): Promise<boolean> {
  return navigator.locks ? await navigator.locks.request('nxvms.refresh', action) : await action();
}

/** Called when a request is refused and no refresh helps. Resolves after the user has signed in again. */
export function awaitLogin(signal?: AbortSignal): Promise<void> {
  const { phase } = useSession.getState();
  if (phase !== 'active' && phase !== 'expired') {
    useSession.setState({ phase: 'anonymous', user: undefined });
    return Promise.reject(new ApiProblem(401, 'unauthenticated', 'Not signed in', ''));
  }
  useSession.setState({ phase: 'expired' });
  return new Promise((resolve, reject) => {
    waiters.push(resolve);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Finds out at start whether a session is there. */
export async function resumeSession(): Promise<void> {
  // Its cookie lives as long as the session: without it nothing is asked for that would be refused.
  if (csrfToken() === undefined) {
    await reach();
    useSession.setState({ phase: 'anonymous' });
  } else if (!(await refresh())) {
    useSession.setState({ phase: 'anonymous' });
  } else if (useSession.getState().phase === 'unknown') {
    // Another tab has just renewed the cookies, or has just signed out.
    await resumeRenewed();
  }
}

/** @throws NetworkProblem, ApiProblem when nobody could sign in now */
async function reach(): Promise<void> {
  const response = await get('/api/v1/auth/outside');
  if (!response.ok) {
    throw await ApiProblem.from(response);
  }
}

async function resumeRenewed(): Promise<void> {
  const response = await me();
  if (response.ok) {
    useSession.setState({ phase: 'active', user: (await response.json()) as SessionUser });
  } else {
    localStorage.removeItem(REFRESHED_KEY);
    useSession.setState({ phase: 'anonymous' });
  }
}

const me = () => get('/api/v1/auth/me');

async function get(path: string): Promise<Response> {
  try {
    const response = await fetch(path, { credentials: 'same-origin' });
    reportReachable();
    return response;
  } catch (cause) {
    reportUnreachable();
    throw new NetworkProblem(cause);
  }
}

/** Makes sure that the session still holds, for connections that cannot say why they were refused. */
export async function checkSession(): Promise<void> {
  const response = await fetch('/api/v1/auth/me', { credentials: 'same-origin' });
  if (response.status === 401 && !(await refresh())) {
    await awaitLogin();
  }
}
