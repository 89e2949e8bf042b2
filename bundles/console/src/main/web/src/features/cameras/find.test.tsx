// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { found } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, DRIVER, listing, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import type { DiscoveryScan, FoundDevice } from '../../api/types';
import { CamerasPage } from './CamerasPage';

withServer();
beforeEach(() => useSession.setState({ phase: 'active', user: userWith('administrator') }));

const scan = (revision: number, runs: boolean, devices: FoundDevice[] = []): DiscoveryScan => ({
  id: 's1',
  begun: '2026-11-22T12:00:00.000Z',
  revision,
  runs,
  devices,
  failures: {},
});

function drivers() {
  return http.get(api('/api/v1/drivers'), () =>
    HttpResponse.json({
      items: [DRIVER, { ...DRIVER, id: 'onvif', name: 'ONVIF camera', addressSchemes: ['http', 'https'] }],
    }),
  );
}

describe('finding cameras', () => {
  it('shows each while the search goes on, and fills the form with the one that is chosen', async () => {
    const after: (string | null)[] = [];
    const first = found('http://192.0.2.1');
    const second = found('http://192.0.2.2:81', { cameraId: 'a' });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.use(
      ...listing([camera('a', { name: 'Gate' })]),
      http.post(api('/api/v1/discovery'), () => HttpResponse.json(scan(0, true), { status: 202 })),
      http.get(api('/api/v1/discovery/s1'), async ({ request }) => {
        after.push(new URL(request.url).searchParams.get('after'));
        if (after.length === 1) {
          return HttpResponse.json(scan(1, true, [first]));
        }
        await held;
        return HttpResponse.json(scan(4, false, [first, second]));
      }),
    );
    server.use(drivers());
    renderPage(<CamerasPage />, '/?edit=new');
    await userEvent.click(await screen.findByTestId('find-begin'));

    expect(await screen.findAllByTestId('find-device')).toHaveLength(1);
    expect(screen.getByText('Searching, 1 device so far')).toBeTruthy();
    release();
    await screen.findByText('2 devices found');
    expect(after).toEqual(['0', '1']);
    const known = within(screen.getAllByTestId('find-device')[1] as HTMLElement);
    expect(known.getByText('is Gate')).toBeTruthy();
    expect(known.queryByRole('button')).toBeNull();

    await userEvent.click(screen.getByRole('button', { name: 'Use http://192.0.2.1' }));
    await waitFor(() => expect(screen.getByDisplayValue('ONVIF camera')).toBeTruthy());
    expect((screen.getByTestId('camera-address') as HTMLInputElement).value).toBe('http://192.0.2.1');
    expect((screen.getByTestId('camera-name') as HTMLInputElement).value).toBe('Yard');
  });

  it('asks the addresses that are named, by Enter too, and says what was wrong with them', async () => {
    const asked: unknown[] = [];
    server.use(
      ...listing([]),
      http.post(api('/api/v1/discovery'), async ({ request }) => {
        asked.push(await request.json());
        return problem(422, 'validation', '"x" is no address.', [
          { field: 'addresses', detail: '"x" is no address.' },
        ]);
      }),
    );
    renderPage(<CamerasPage />, '/?edit=new');
    await userEvent.type(await screen.findByTestId('find-addresses'), '192.0.2.0/24, x{Enter}');

    expect(await screen.findByText(/"x" is no address/)).toBeTruthy();
    expect(asked).toEqual([{ seconds: 5, addresses: ['192.0.2.0/24', 'x'] }]);
    expect(screen.getByTestId('camera-form')).toBeTruthy();
  });
});
