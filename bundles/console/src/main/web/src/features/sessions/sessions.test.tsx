// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { signedIn as session, user } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { SessionsPage } from './SessionsPage';

withServer();
const OWN = '/api/v1/auth/sessions';
const OTHERS = '/api/v1/users/u2/sessions';
const TOTP = '/api/v1/users/u2/totp';
let ended: string[];

beforeEach(() => {
  ended = [];
  useSession.setState({ phase: 'active', user: userWith('administrator') });
  const left = (ids: string[]) => ids.filter((id) => !ended.includes(id) && !ended.includes('all'));
  server.use(
    http.get(api('/api/v1/users'), () =>
      HttpResponse.json({
        items: [user('u1', 'admin', 'administrator'), user('u2', 'guard', 'viewer')],
      }),
    ),
    http.get(api(OWN), () => HttpResponse.json({ items: [session('mine', true)] })),
    http.get(api(OTHERS), () => HttpResponse.json({ items: left(['a', 'b']).map((id) => session(id)) })),
    http.get(api(TOTP), () => HttpResponse.json({ enabled: !ended.includes('totp'), recoveryCodesLeft: 3 })),
    http.delete(api(`${OTHERS}/a`), () => {
      ended.push('a');
      return new HttpResponse(null, { status: 204 });
    }),
    http.delete(api(OTHERS), () => {
      ended.push('all');
      return new HttpResponse(null, { status: 204 });
    }),
    http.delete(api(TOTP), () => {
      ended.push('totp');
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

describe('sessions', () => {
  it('are the own at first, and of whoever is chosen', async () => {
    renderPage(<SessionsPage />);
    await screen.findByTestId('session-mine');
    expect(screen.queryByTestId('second-factor-of')).toBeNull();
    await userEvent.click(screen.getByTestId('sessions-user'));
    await userEvent.click(await screen.findByRole('option', { name: 'guard' }));
    expect(within(await screen.findByTestId('session-a')).getByText('curl/8.14.1')).toBeTruthy();
    expect(screen.queryByTestId('session-mine')).toBeNull();
  });

  it('of somebody else are ended one by one, and all of them when that was confirmed', async () => {
    renderPage(<SessionsPage />, '/?user=u2');
    await userEvent.click(await screen.findByTestId('session-end-a'));
    await waitFor(() => expect(screen.queryByTestId('session-a')).toBeNull());
    await userEvent.click(screen.getByTestId('sessions-end-others'));
    expect(ended).toEqual(['a']);
    await userEvent.click(screen.getByTestId('sessions-confirm'));
    expect(await screen.findByTestId('sessions-none')).toBeTruthy();
    expect(ended).toEqual(['a', 'all']);
  });

  it('stay, and it is said why, where the server refuses', async () => {
    server.use(
      http.delete(api(OTHERS), () =>
        problem(403, 'forbidden', 'Only an administrator changes an administrator.'),
      ),
    );
    renderPage(<SessionsPage />, '/?user=u2');
    await userEvent.click(await screen.findByTestId('sessions-end-others'));
    await userEvent.click(screen.getByTestId('sessions-confirm'));
    expect((await screen.findByTestId('sessions-problem')).textContent).toContain('Only an administrator');
  });

  it('begin by the password alone when the second factor of who lost it is removed', async () => {
    renderPage(<SessionsPage />, '/?user=u2');
    await userEvent.click(await screen.findByTestId('second-factor-remove'));
    await userEvent.click(screen.getByTestId('second-factor-confirm'));
    expect(await screen.findByText('guard signs in by the password alone.')).toBeTruthy();
    expect(ended).toEqual(['totp']);
  });

  it('of somebody who is not there are not taken for the own', async () => {
    renderPage(<SessionsPage />, '/?user=gone');
    await screen.findByTestId('sessions-nobody');
    expect(screen.queryByTestId('sessions')).toBeNull();
  });

  it('are nobody else’s business', () => {
    useSession.setState({ phase: 'active', user: userWith('viewer') });
    renderPage(<SessionsPage />, '/?user=u2');
    expect(screen.getByTestId('sessions-forbidden')).toBeTruthy();
  });
});
