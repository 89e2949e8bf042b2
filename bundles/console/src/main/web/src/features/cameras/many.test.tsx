// SPDX-License-Identifier: Apache-2.0
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { found } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import type { CameraReport, SetupBatch } from '../../api/types';
import { CamerasPage } from './CamerasPage';

withServer();
beforeEach(() => useSession.setState({ phase: 'active', user: userWith('administrator') }));

const report: CameraReport = {
  taken: '2026-11-22T12:00:00.000Z',
  durationMs: 900,
  driver: 'onvif',
  driverVersion: '1.0.0',
  identity: found('').identity,
  checks: [
    { name: 'main_stream', state: 'works', seen: '1920x1080.' },
    { name: 'clock', state: 'limited', seen: 'Its clock is 60 s slow.', advice: 'Give it a time server.' },
    { name: 'io', state: 'absent', seen: 'It does not have it.' },
  ],
};

describe('many cameras', () => {
  it('are added with one login, and each says what became of it', async () => {
    const orders: unknown[] = [];
    const batch = (revision: number, runs: boolean, items: SetupBatch['items']): SetupBatch => ({
      id: 'b1',
      begun: '2026-11-22T12:00:00.000Z',
      revision,
      runs,
      items,
    });
    const devices = [
      found('http://192.0.2.1'),
      found('http://192.0.2.2', { name: '' }),
      found('http://192.0.2.3', { cameraId: 'a' }),
    ];
    server.use(
      ...listing([camera('a', { name: 'Gate' })]),
      http.post(api('/api/v1/discovery'), () =>
        HttpResponse.json(
          { id: 's1', begun: '2026-11-22T12:00:00.000Z', revision: 1, runs: false, devices, failures: {} },
          { status: 202 },
        ),
      ),
      http.post(api('/api/v1/cameras/setups'), async ({ request }) => {
        orders.push(await request.json());
        return HttpResponse.json(
          batch(0, true, [
            { address: 'http://192.0.2.1', state: 'running' },
            { address: 'http://192.0.2.2', state: 'waiting' },
          ]),
          { status: 202 },
        );
      }),
      http.get(api('/api/v1/cameras/setups/b1'), () =>
        HttpResponse.json(
          batch(4, false, [
            { address: 'http://192.0.2.1', state: 'added', cameraId: 'b', report },
            {
              address: 'http://192.0.2.2',
              state: 'failed',
              field: 'password',
              detail: 'It refuses the login.',
            },
          ]),
        ),
      ),
    );
    renderPage(<CamerasPage />, '/?edit=new');
    await userEvent.click(await screen.findByTestId('find-begin'));
    expect(await screen.findAllByTestId('find-device')).toHaveLength(3);
    await userEvent.click(screen.getByTestId('find-all'));
    await userEvent.type(screen.getByTestId('many-username'), 'root');
    await userEvent.type(screen.getByTestId('many-password'), 'pass');
    await userEvent.click(screen.getByRole('button', { name: 'Add 2 cameras' }));

    await screen.findByText('2 of 2 are done');
    expect(orders).toEqual([
      {
        cameras: [
          { address: 'http://192.0.2.1', driver: 'onvif', name: 'Yard' },
          { address: 'http://192.0.2.2', driver: 'onvif' },
        ],
        username: 'root',
        password: 'pass',
      },
    ]);
    const [first, second] = screen.getAllByTestId('many-item') as HTMLElement[];
    expect(within(first as HTMLElement).getByText('added')).toBeTruthy();
    expect(within(first as HTMLElement).getByText('Clock: Its clock is 60 s slow.')).toBeTruthy();
    expect(within(second as HTMLElement).getByText('not added')).toBeTruthy();
    expect(within(second as HTMLElement).getByText('It refuses the login.')).toBeTruthy();
  });

  it('need no search where somebody knows the address', async () => {
    const orders: unknown[] = [];
    server.use(
      ...listing([]),
      http.post(api('/api/v1/cameras/setups'), async ({ request }) => {
        orders.push(await request.json());
        return HttpResponse.json(
          {
            id: 'b1',
            begun: '2026-11-22T12:00:00.000Z',
            revision: 3,
            runs: false,
            items: [{ address: '192.0.2.10', state: 'added', cameraId: 'b', report }],
          },
          { status: 202 },
        );
      }),
    );
    renderPage(<CamerasPage />, '/?edit=new');
    await userEvent.type(await screen.findByTestId('find-addresses'), '192.0.2.10 192.0.2.0/24 192.0.2.1-9');
    await userEvent.click(screen.getByRole('button', { name: 'Add 1 camera' }));

    expect((await screen.findByTestId('many-item')).textContent).toContain('192.0.2.10');
    expect(orders).toEqual([{ cameras: [{ address: '192.0.2.10' }] }]);
  });

  it('say what works on each, and are tried again when somebody wants to know', async () => {
    server.use(
      ...listing([camera('a', { name: 'Gate' })]),
      http.post(api('/api/v1/cameras/a/report'), () => HttpResponse.json(report)),
    );
    renderPage(<CamerasPage />, '/?edit=a');
    await screen.findByText('never tried');
    // Not having been tried is no fault: nothing is refused, and nothing is said to be wrong.
    expect(screen.queryByRole('alert')).toBeNull();
    await userEvent.click(screen.getByTestId('what-works-check'));

    const clock = within(await screen.findByTestId('check-clock'));
    expect(clock.getByText('limited')).toBeTruthy();
    expect(clock.getByText('Its clock is 60 s slow. Give it a time server.')).toBeTruthy();
    expect(screen.getByText('The camera does not have: Inputs and outputs.')).toBeTruthy();
    expect(screen.queryByTestId('check-io')).toBeNull();
  });
});
