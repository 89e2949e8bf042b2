// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, listing, loginAnswer, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { AccountPage } from './AccountPage';
import { EnrolPage } from './EnrolPage';

withServer();
const SESSIONS = '/api/v1/auth/sessions';
const TOTP = '/api/v1/auth/totp';
let enabled: boolean;
let ended: string[];

beforeEach(() => {
  enabled = false;
  ended = [];
  useSession.setState({ phase: 'active', user: { ...loginAnswer().user, mustChangePassword: false } });
  server.use(
    ...listing([]),
    http.get(api('/api/v1/events/kinds'), () => HttpResponse.json({ items: [] })),
    http.get(api(TOTP), () => HttpResponse.json({ enabled, recoveryCodesLeft: enabled ? 7 : 0 })),
    http.get(api(SESSIONS), () =>
      HttpResponse.json({
        items: [
          {
            id: 's1',
            begun: '2026-11-25T12:00:00.000Z',
            seen: '2026-11-25T12:10:00.000Z',
            address: '192.0.2.7',
            client: 'Firefox',
            current: true,
          },
          {
            id: 's2',
            begun: '2026-11-24T12:00:00.000Z',
            seen: '2026-11-24T12:10:00.000Z',
            current: false,
          },
        ].filter(({ id }) => !ended.includes(id)),
      }),
    ),
    http.delete(api(`${SESSIONS}/s2`), () => {
      ended.push('s2');
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

describe('account', () => {
  it('shows where one is signed in and ends a session that is a stranger', async () => {
    renderPage(<AccountPage />);
    const mine = within(await screen.findByTestId('session-s1'));
    expect(mine.getByText('Firefox')).toBeTruthy();
    expect(mine.getByText(/192\.0\.2\.7/)).toBeTruthy();
    expect(screen.queryByTestId('session-end-s1')).toBeNull();
    expect(within(screen.getByTestId('session-s2')).getByText('unknown client')).toBeTruthy();
    await userEvent.click(screen.getByTestId('session-end-s2'));
    await waitFor(() => expect(screen.queryByTestId('session-s2')).toBeNull());
    expect(screen.queryByTestId('sessions-end-others')).toBeNull();
  });

  it('sets up a second factor: password, QR code, code, recovery codes', async () => {
    const sent: unknown[] = [];
    server.use(
      http.post(api(TOTP), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(422, 'validation', '', [{ field: 'password', detail: 'The password is wrong.' }])
          : HttpResponse.json({ secret: 'MZXW6YTBOI', uri: 'otpauth://totp/x?secret=MZXW6YTBOI' });
      }),
      http.post(api(`${TOTP}/confirm`), async ({ request }) => {
        sent.push(await request.json());
        enabled = true;
        return HttpResponse.json({ recoveryCodes: ['aaaa-bbbb', 'cccc-dddd'] });
      }),
    );
    renderPage(<AccountPage />);
    await userEvent.click(await screen.findByTestId('totp-begin'));
    await userEvent.type(screen.getByTestId('proof-password'), 'wrong{Enter}');
    expect(await screen.findByText('The password is wrong.')).toBeTruthy();
    await userEvent.type(screen.getByTestId('proof-password'), '-not{Enter}');
    expect((await screen.findByTestId('totp-secret')).textContent).toBe('MZXW6YTBOI');
    expect(screen.getByRole('img', { name: 'QR code for an authenticator app' })).toBeTruthy();
    await userEvent.type(screen.getByTestId('totp-code'), '123456{Enter}');
    expect((await screen.findByTestId('recovery-codes')).textContent).toContain('cccc-dddd');
    await userEvent.click(screen.getByTestId('recovery-kept'));
    await waitFor(() => expect(screen.getByTestId('second-factor-state').textContent).toContain('7'));
    expect(sent).toEqual([{ password: 'wrong' }, { password: 'wrong-not' }, { code: '123456' }]);
  });

  it('gives a second factor up only with it', async () => {
    enabled = true;
    let sent: unknown;
    server.use(
      http.post(api(`${TOTP}/remove`), async ({ request }) => {
        sent = await request.json();
        enabled = false;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    renderPage(<AccountPage />);
    await userEvent.click(await screen.findByTestId('totp-remove'));
    await userEvent.type(screen.getByTestId('proof-password'), 'secret');
    await userEvent.type(screen.getByTestId('proof-code'), '654321');
    await userEvent.click(screen.getByTestId('proof-submit'));
    expect(await screen.findByTestId('totp-begin')).toBeTruthy();
    expect(sent).toEqual({ password: 'secret', code: '654321' });
  });

  it('is set up before anything else by who has a role for those with a second factor', async () => {
    const user = { ...userWith('operator'), mustEnrolSecondFactor: true };
    useSession.setState({ phase: 'active', user });
    server.use(
      http.post(api(TOTP), () =>
        HttpResponse.json({ secret: 'MZXW6YTBOI', uri: 'otpauth://totp/x?secret=A' }),
      ),
      http.post(api(`${TOTP}/confirm`), () => HttpResponse.json({ recoveryCodes: ['aaaa-bbbb'] })),
    );
    renderPage(<EnrolPage />);
    expect(await screen.findByText(/Set it up to go on/)).toBeTruthy();
    await userEvent.click(await screen.findByTestId('totp-begin'));
    await userEvent.type(screen.getByTestId('proof-password'), 'secret{Enter}');
    await userEvent.type(await screen.findByTestId('totp-code'), '123456{Enter}');
    await userEvent.click(await screen.findByTestId('recovery-kept'));
    expect(useSession.getState().user?.mustEnrolSecondFactor).toBe(false);
  });
});
