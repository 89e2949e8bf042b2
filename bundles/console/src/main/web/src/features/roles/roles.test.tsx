// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { Route, Routes } from 'react-router';
import { beforeEach, describe, expect, it } from 'vitest';
import { role, user } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { RightsPage } from './RightsPage';
import { RolesPage } from './RolesPage';

withServer();
const ROLES = '/api/v1/roles';
const GRANTS = '/api/v1/users/u2/grants';

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('administrator') });
  server.use(
    http.get(api(ROLES), () =>
      HttpResponse.json({
        items: [
          role('administrator', ['view_live', 'listen', 'manage_users']),
          role('viewer', ['view_live']),
        ],
      }),
    ),
    http.get(api('/api/v1/users'), () =>
      HttpResponse.json({
        items: [user('u2', 'vera', 'guest')],
      }),
    ),
    http.get(api('/api/v1/cameras'), () =>
      HttpResponse.json({ items: [camera('c1', { group: 'North/Gate' })] }),
    ),
  );
});

describe('roles', () => {
  it('are made of the rights there are; a refusal stays in sight', async () => {
    const sent: unknown[] = [];
    server.use(
      http.post(api(ROLES), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(409, 'conflict', 'There is a role "night" already.')
          : HttpResponse.json({}, { status: 201 });
      }),
    );
    renderPage(<RolesPage />);
    await userEvent.click(await screen.findByTestId('role-add'));
    await userEvent.type(screen.getByTestId('role-name'), 'night');
    await userEvent.click(screen.getByTestId('permission-listen'));
    await userEvent.click(screen.getByTestId('role-second-factor'));
    await userEvent.click(screen.getByTestId('role-save'));
    expect((await screen.findByTestId('role-problem')).textContent).toContain('night');
    await userEvent.click(screen.getByTestId('role-save'));
    await waitFor(() => expect(screen.queryByTestId('role-form')).toBeNull());
    expect(sent[1]).toEqual({ name: 'night', permissions: ['listen'], secondFactor: true, ptzPriority: 0 });
  });

  it('of administrators keep all rights', async () => {
    let sent: unknown;
    server.use(
      http.patch(api(`${ROLES}/administrator`), async ({ request }) => {
        sent = await request.json();
        return HttpResponse.json({});
      }),
    );
    renderPage(<RolesPage />);
    await userEvent.click(await screen.findByTestId('role-edit-administrator'));
    expect(screen.queryByTestId('permission-listen')).toBeNull();
    await userEvent.click(screen.getByTestId('role-second-factor'));
    await userEvent.click(screen.getByTestId('role-save'));
    await waitFor(() => expect(sent).toEqual({ secondFactor: true, ptzPriority: 0 }));
  });
});

describe('rights of a user', () => {
  it('are granted at places and explained', async () => {
    const sent: unknown[] = [];
    server.use(
      http.get(api(GRANTS), () =>
        HttpResponse.json({
          items: [{ id: 'g1', role: 'viewer', scope: 'group/North', denied: true, created: '' }],
        }),
      ),
      http.post(api(GRANTS), async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json({}, { status: 201 });
      }),
      http.get(api('/api/v1/users/u2/rights'), () =>
        HttpResponse.json({
          scope: 'site',
          rights: [
            {
              permission: 'view_live',
              allowed: false,
              decidedAt: 'group/North',
              because: [{ role: 'viewer', scope: 'group/North', denied: true, grant: 'g1' }],
              overruled: [{ role: 'operator', scope: 'site', denied: false }],
            },
            { permission: 'listen', allowed: false, because: [], overruled: [] },
          ],
        }),
      ),
    );
    renderPage(
      <Routes>
        <Route path="/users/:userId/rights" element={<RightsPage />} />
      </Routes>,
      '/users/u2/rights',
    );
    expect(await screen.findByText('Rights of vera')).toBeTruthy();
    expect(within(await screen.findByTestId('grant-g1')).getByText('denied')).toBeTruthy();
    const live = within(await screen.findByTestId('right-view_live'));
    expect(live.getByText('denied by Viewer: Group North (overrules Operator: Everywhere)')).toBeTruthy();
    expect(within(screen.getByTestId('right-listen')).getByText('nothing is said')).toBeTruthy();
    await userEvent.click(screen.getByTestId('grant-place'));
    await userEvent.click(await screen.findByRole('option', { name: 'Group North/Gate' }));
    await userEvent.click(screen.getByTestId('grant-add'));
    await waitFor(() => expect(sent).toEqual([{ role: 'viewer', scope: 'group/North/Gate', denied: false }]));
  });
});
