// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { Route, Routes } from 'react-router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, camera, problem, STATUS, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { ControlPage } from './ControlPage';

withServer();
// The picture is told elsewhere; jsdom has no video.
vi.mock('../live/useLivePlayer', () => ({
  useLivePlayer: () => ({ player: undefined, state: { phase: 'idle', lastPictureAtMs: 0 } }),
}));

const AT = '/api/v1/cameras/a';
const asRole = (role: string) => useSession.setState({ phase: 'active', user: userWith(role) });

function there(...capabilities: string[]) {
  const status = { ...STATUS, device: { driverVersion: '1', capabilities } };
  server.use(http.get(api('/api/v1/cameras'), () => HttpResponse.json({ items: [camera('a', { status })] })));
}

function open() {
  return renderPage(
    <Routes>
      <Route path="/control/:cameraId" element={<ControlPage />} />
    </Routes>,
    '/control/a',
  );
}

beforeEach(() => asRole('administrator'));

describe('users of a camera', () => {
  it('are added, changed and taken away, but for the one that the server uses', async () => {
    const said: string[] = [];
    let users = [{ name: 'root', level: 'administrator', ours: true }];
    there('device_users');
    server.use(
      http.get(api(`${AT}/device/users`), () => HttpResponse.json({ items: users })),
      http.post(api(`${AT}/device/users`), async ({ request }) => {
        said.push(`add ${JSON.stringify(await request.json())}`);
        users = [...users, { name: 'guard 1', level: 'viewer', ours: false }];
        return HttpResponse.json(users[1], { status: 201 });
      }),
      http.patch(api(`${AT}/device/users/:name`), async ({ request, params }) => {
        said.push(`change ${params.name} ${JSON.stringify(await request.json())}`);
        return new HttpResponse(null, { status: 204 });
      }),
      http.delete(api(`${AT}/device/users/:name`), ({ params }) => {
        said.push(`remove ${params.name}`);
        return problem(422, 'camera-busy', 'The camera is busy.');
      }),
    );
    open();
    await userEvent.click(await screen.findByTestId('control-toggle-users'));
    expect((await screen.findByTestId('device-users')).textContent).toContain('rootdo everythingthis server');
    expect(screen.queryByTestId('device-user-remove-root')).toBeNull();

    await userEvent.click(screen.getByTestId('device-user-add'));
    await userEvent.type(await screen.findByTestId('device-user-name'), 'guard 1');
    await userEvent.type(screen.getByTestId('device-user-password'), 'Watch-9-gates');
    await userEvent.click(screen.getByTestId('device-user-save'));
    await userEvent.click(await screen.findByTestId('device-user-edit-guard 1'));
    await userEvent.type(await screen.findByTestId('device-user-password'), 'Watch-8-gates');
    await userEvent.click(screen.getByTestId('device-user-save'));
    await waitFor(() => expect(screen.queryByTestId('device-user-form')).toBeNull());
    await userEvent.click(screen.getByTestId('device-user-remove-guard 1'));
    await userEvent.click(await screen.findByTestId('device-user-confirm'));
    expect((await screen.findByTestId('device-user-problem')).textContent).toContain('busy');
    expect(said).toEqual([
      'add {"name":"guard 1","password":"Watch-9-gates","level":"viewer"}',
      'change guard 1 {"password":"Watch-8-gates"}',
      'remove guard 1',
    ]);
  });

  it('are shown to nobody who may not manage the camera', async () => {
    asRole('operator');
    there('device_users', 'snapshot');
    open();
    await screen.findByTestId('control-device');
    expect(screen.queryByTestId('control-users')).toBeNull();
  });
});
