// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AT, asRole, device, openControl, there } from '../../../test/control';
import { api, problem, server, withServer } from '../../../test/server';

withServer();
// The picture is told elsewhere; jsdom has no video.
vi.mock('../live/useLivePlayer', () => ({
  useLivePlayer: () => ({ player: undefined, state: { phase: 'idle', lastPictureAtMs: 0 } }),
}));

beforeEach(() => asRole('administrator'));

describe('users of a camera', () => {
  it('are added, changed and taken away, but for the one that the server uses', async () => {
    const said: string[] = [];
    let users = [{ name: 'root', level: 'administrator', ours: true }];
    there(device('device_users'));
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
    openControl();
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
    there(device('device_users', 'snapshot'));
    openControl();
    await screen.findByTestId('control-device');
    expect(screen.queryByTestId('control-users')).toBeNull();
  });
});
