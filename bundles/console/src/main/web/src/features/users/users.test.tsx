// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { role, user } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { UsersPage } from './UsersPage';

withServer();
const PATH = '/api/v1/users';
const asRole = (role: string) => useSession.setState({ phase: 'active', user: userWith(role) });

beforeEach(() => {
  asRole('administrator');
  server.use(
    http.get(api('/api/v1/roles'), () =>
      HttpResponse.json({
        items: ['administrator', 'night', 'operator', 'viewer'].map((name) => ({
          ...role(name, []),
          description: `${name} watches`,
        })),
      }),
    ),
    http.get(api(PATH), () =>
      HttpResponse.json({
        items: [
          user('u1', 'admin', 'administrator'),
          user('u2', 'guard', 'operator', { mustChangePassword: true }),
          user('u4', 'dora', 'viewer', { provider: 'ldap' }),
          user('u3', 'gone', 'viewer', { disabled: true }),
        ],
      }),
    ),
  );
});

describe('users', () => {
  it('are listed with their role; nobody changes or removes himself', async () => {
    renderPage(<UsersPage />);
    const guard = within(await screen.findByTestId('user-guard'));
    expect(guard.getByText('Operator')).toBeTruthy();
    expect(guard.getByText('must choose a password at the next login')).toBeTruthy();
    expect(screen.queryByTestId('user-remove-admin')).toBeNull();
    expect(screen.queryByTestId('user-edit-admin')).toBeNull();
    expect(screen.getByTestId('user-disabled-gone')).toBeTruthy();
    expect(screen.queryByTestId('user-disabled-guard')).toBeNull();
  });

  it('of a directory have the role of their groups', async () => {
    renderPage(<UsersPage />);
    const dora = within(await screen.findByTestId('user-dora'));
    expect(dora.getByText('signs in by ldap')).toBeTruthy();
    await userEvent.click(screen.getByTestId('user-edit-dora'));
    expect((await screen.findByTestId<HTMLInputElement>('user-role')).disabled).toBe(true);
    expect(screen.getByText(/follows the groups at ldap/)).toBeTruthy();
  });

  it('are added; what the server objects to stands at its field', async () => {
    const sent: unknown[] = [];
    server.use(
      http.post(api(PATH), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(422, 'validation', '', [{ field: 'password', detail: 'is too easy to guess' }])
          : HttpResponse.json({}, { status: 201 });
      }),
    );
    renderPage(<UsersPage />);
    await userEvent.click(await screen.findByTestId('user-add'));
    await userEvent.type(screen.getByTestId('user-name'), 'night');
    await userEvent.type(screen.getByTestId('user-password'), 'short');
    await userEvent.click(screen.getByTestId('user-save'));
    expect(await screen.findByText('Too short: at least 8 characters.')).toBeTruthy();
    expect(sent).toEqual([]);
    await userEvent.type(screen.getByTestId('user-password'), ' but longer');
    await userEvent.click(screen.getByTestId('user-save'));
    expect(await screen.findByText('is too easy to guess')).toBeTruthy();
    await userEvent.click(screen.getByTestId('user-role'));
    await userEvent.click(await screen.findByRole('option', { name: 'Operator' }));
    await userEvent.click(screen.getByTestId('user-save'));
    await waitFor(() => expect(screen.queryByTestId('user-form')).toBeNull());
    expect(sent[1]).toEqual({
      username: 'night',
      password: 'short but longer',
      role: 'operator',
      mustChangePassword: true,
    });
  });

  it('are removed only after asking', async () => {
    let removed = false;
    server.use(
      http.delete(api(`${PATH}/u2`), () => {
        removed = true;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    renderPage(<UsersPage />);
    await userEvent.click(await screen.findByTestId('user-remove-guard'));
    expect(removed).toBe(false);
    await userEvent.click(await screen.findByTestId('user-confirm'));
    await waitFor(() => expect(removed).toBe(true));
  });

  it('are changed: only what is another is sent, and a refusal stays in sight', async () => {
    const sent: unknown[] = [];
    server.use(
      http.patch(api(`${PATH}/u2`), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(409, 'conflict', 'is the last administrator who can sign in')
          : HttpResponse.json({});
      }),
    );
    renderPage(<UsersPage />);
    await userEvent.click(await screen.findByTestId('user-edit-guard'));
    await userEvent.click(screen.getByTestId('user-save'));
    await waitFor(() => expect(screen.queryByTestId('user-form')).toBeNull());
    expect(sent).toEqual([]);
    await userEvent.click(screen.getByTestId('user-edit-guard'));
    await userEvent.click(screen.getByTestId('user-enabled'));
    await userEvent.click(screen.getByTestId('user-save'));
    expect((await screen.findByTestId('user-problem')).textContent).toContain('last administrator');
    await userEvent.click(screen.getByTestId('user-role'));
    await userEvent.click(await screen.findByRole('option', { name: 'Viewer' }));
    await userEvent.click(screen.getByTestId('user-save'));
    await waitFor(() => expect(screen.queryByTestId('user-form')).toBeNull());
    expect(sent).toEqual([{ disabled: true }, { role: 'viewer', disabled: true }]);
  });

  it('who have lost their password are given another one, to be changed at the next sign-in', async () => {
    const sent: unknown[] = [];
    server.use(
      http.put(api(`${PATH}/u2/password`), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(422, 'validation', '', [{ field: 'password', detail: 'is too easy to guess' }])
          : new HttpResponse(null, { status: 204 });
      }),
    );
    renderPage(<UsersPage />);
    await userEvent.click(await screen.findByTestId('user-edit-guard'));
    await userEvent.click(screen.getByTestId('user-set-password'));
    expect(await screen.findByText(/All sessions of guard end at once/)).toBeTruthy();
    await waitFor(() => expect(screen.queryByTestId('user-form')).toBeNull());
    await userEvent.type(screen.getByTestId('user-password'), 'short');
    await userEvent.click(screen.getByTestId('user-password-save'));
    expect(await screen.findByText('Too short: at least 8 characters.')).toBeTruthy();
    expect(sent).toEqual([]);
    await userEvent.type(screen.getByTestId('user-password'), ' but longer');
    await userEvent.click(screen.getByTestId('user-password-save'));
    expect(await screen.findByText('is too easy to guess')).toBeTruthy();
    await userEvent.click(screen.getByTestId('user-password-save'));
    await waitFor(() => expect(screen.queryByTestId('user-password-form')).toBeNull());
    expect(sent[1]).toEqual({ password: 'short but longer', mustChangePassword: true });
  });

  it('whose password is kept elsewhere are given none here', async () => {
    renderPage(<UsersPage />);
    await userEvent.click(await screen.findByTestId('user-edit-dora'));
    await screen.findByTestId('user-form');
    expect(screen.queryByTestId('user-set-password')).toBeNull();
  });

  it('are no business of others', async () => {
    asRole('operator');
    renderPage(<UsersPage />);
    expect(await screen.findByTestId('users-forbidden')).toBeTruthy();
    expect(screen.queryByTestId('user-table')).toBeNull();
  });
});
