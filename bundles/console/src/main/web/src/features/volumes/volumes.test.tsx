// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { VOLUME as MAIN } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { VolumesPage } from './VolumesPage';

withServer();
const GIB = 1024 ** 3;
const PATH = '/api/v1/storage/volumes';
const asRole = (role: string) => useSession.setState({ phase: 'active', user: userWith(role) });

const list = (...items: object[]) => server.use(http.get(api(PATH), () => HttpResponse.json({ items })));

beforeEach(() => {
  asRole('administrator');
  server.use(http.get(api('/api/v1/cameras'), () => HttpResponse.json({ items: [] })));
});

describe('volumes', () => {
  it('say where they are, how well and how full', async () => {
    list(
      { ...MAIN, quotaBytes: 70 * GIB, reserveBytes: 5 * GIB },
      { ...MAIN, id: 'v2', name: 'nas', status: 'absent', detail: 'Nothing is mounted at /mnt.' },
    );
    renderPage(<VolumesPage />);
    const main = within(await screen.findByTestId('volume-main'));
    expect(main.getByText('ready')).toBeTruthy();
    expect(main.getByText('50.0 GiB')).toBeTruthy();
    expect(main.getByText('40.0 GiB')).toBeTruthy();
    expect(main.getByText('70.0 GiB')).toBeTruthy();
    expect(main.getByText('5.0 GiB')).toBeTruthy();
    expect(within(screen.getByTestId('volume-nas')).queryByText('At most')).toBeNull();
    expect(within(screen.getByTestId('volume-nas')).getByText('Nothing is mounted at /mnt.')).toBeTruthy();
  });

  it('are added; what the server objects to stands at its field', async () => {
    const sent: unknown[] = [];
    list(MAIN);
    server.use(
      http.post(api(PATH), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(422, 'validation', '', [{ field: 'path', detail: 'overlaps with main' }])
          : HttpResponse.json({}, { status: 201 });
      }),
    );
    renderPage(<VolumesPage />);
    await userEvent.click(await screen.findByTestId('volume-add'));
    await userEvent.type(screen.getByTestId('volume-name'), 'second');
    await userEvent.type(screen.getByTestId('volume-path'), '/srv/second');
    await userEvent.type(screen.getByTestId('volume-quota'), '10');
    await userEvent.click(screen.getByTestId('volume-save'));
    expect(await screen.findByText('overlaps with main')).toBeTruthy();
    await userEvent.click(screen.getByTestId('volume-save'));
    await waitFor(() => expect(screen.queryByTestId('volume-form')).toBeNull());
    expect(sent[1]).toEqual({
      name: 'second',
      path: '/srv/second',
      create: false,
      quotaBytes: 10 * GIB,
      reservePercent: 5,
      weight: 100,
    });
  });

  it('are changed beginning with what holds now', async () => {
    let sent: unknown;
    list(MAIN);
    server.use(
      http.get(api(`${PATH}/main`), () =>
        HttpResponse.json({
          name: 'main',
          reserveBytes: -1,
          reservePercent: 7,
          quotaBytes: 20 * GIB,
          weight: 50,
        }),
      ),
      http.patch(api(`${PATH}/main`), async ({ request }) => {
        sent = await request.json();
        return HttpResponse.json({});
      }),
    );
    renderPage(<VolumesPage />);
    await userEvent.click(await screen.findByTestId('volume-menu-main'));
    await userEvent.click(await screen.findByTestId('volume-edit'));
    await waitFor(() => expect(screen.getByDisplayValue('20 GiB')).toBeTruthy());
    await userEvent.clear(screen.getByTestId('volume-quota'));
    await userEvent.clear(screen.getByTestId('volume-weight'));
    await userEvent.click(screen.getByTestId('volume-save'));
    expect(await screen.findByText('This is needed.')).toBeTruthy();
    expect(sent).toBeUndefined();
    await userEvent.type(screen.getByTestId('volume-weight'), '50');
    await userEvent.click(screen.getByTestId('volume-save'));
    await waitFor(() => expect(sent).toEqual({ quotaBytes: -1, reservePercent: 7, weight: 50 }));
  });

  it('are retired and taken back; the last one stays, and the server says why', async () => {
    const asked: string[] = [];
    list(MAIN, {
      ...MAIN,
      id: 'v2',
      name: 'old',
      role: 'retired',
      moving: { reason: 'retired', bytesLeft: GIB, bytesMoved: 3 * GIB, chunksMoved: 4 },
    });
    server.use(
      http.post(api(`${PATH}/main/retirement`), () =>
        problem(409, 'conflict', 'No other volume takes footage.'),
      ),
      http.delete(api(`${PATH}/old/retirement`), () => {
        asked.push('restore old');
        return new HttpResponse(null, { status: 204 });
      }),
    );
    renderPage(<VolumesPage />);
    await userEvent.click(await screen.findByTestId('volume-menu-main'));
    await userEvent.click(await screen.findByTestId('volume-retire'));
    await userEvent.click(await screen.findByTestId('volume-confirm'));
    expect((await screen.findByTestId('volume-problem')).textContent).toContain('No other volume');
    await userEvent.keyboard('{Escape}');
    const moving = screen.getByTestId('volume-moving-old');
    expect(moving.textContent).toContain('1.0 GiB left, 3.0 GiB done');
    expect(within(moving).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('75');
    await userEvent.click(screen.getByTestId('volume-menu-old'));
    await userEvent.click(await screen.findByTestId('volume-restore'));
    await waitFor(() => expect(asked).toEqual(['restore old']));
  });

  it('with footage are removed only when it is left on the disk on purpose', async () => {
    const asked: string[] = [];
    list(MAIN);
    server.use(
      http.delete(api(`${PATH}/main`), ({ request }) => {
        const query = new URL(request.url).search;
        asked.push(query);
        return query
          ? new HttpResponse(null, { status: 204 })
          : problem(409, 'conflict', '12 segments would go out of reach; retire the volume first.');
      }),
    );
    renderPage(<VolumesPage />);
    await userEvent.click(await screen.findByTestId('volume-menu-main'));
    await userEvent.click(await screen.findByTestId('volume-remove'));
    await userEvent.click(await screen.findByTestId('volume-confirm'));
    expect((await screen.findByTestId('volume-problem')).textContent).toContain('retire the volume first');
    await userEvent.click(screen.getByTestId('volume-keep-files'));
    await userEvent.click(screen.getByTestId('volume-confirm'));
    await waitFor(() => expect(asked).toEqual(['', '?keepFiles=true']));
  });

  it('encrypt, have days of their own and take copies where that is wanted, and only then is it sent', async () => {
    let sent: unknown;
    list(MAIN, {
      ...MAIN,
      id: 'v2',
      name: 'safe',
      role: 'backup',
      encryption: 'aes-256-gcm',
      backup: { bytesWaiting: GIB, lagSeconds: 90, chunksCopied: 1, bytesCopied: GIB },
    });
    server.use(
      http.post(api(PATH), async ({ request }) => {
        sent = await request.json();
        return HttpResponse.json({}, { status: 201 });
      }),
    );
    renderPage(<VolumesPage />);
    expect((await screen.findByTestId('volume-copying-safe')).textContent).toContain(
      'To be copied: 1.0 GiB; the oldest has waited 1 min 30 s',
    );
    expect(screen.getByTestId('volume-encrypted-safe')).toBeTruthy();
    expect(screen.queryByTestId('volume-encrypted-main')).toBeNull();
    await userEvent.click(screen.getByTestId('volume-menu-safe'));
    await screen.findByTestId('volume-remove');
    expect(screen.queryByTestId('volume-retire')).toBeNull();
    await userEvent.click(screen.getByTestId('volume-remove'));
    expect(await screen.findByText(/has its copy here/)).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    await userEvent.click(screen.getByTestId('volume-add'));
    await userEvent.type(screen.getByTestId('volume-name'), 'vault');
    await userEvent.type(screen.getByTestId('volume-path'), '/srv/vault');
    await userEvent.click(screen.getByTestId('volume-backup'));
    expect(screen.queryByTestId('volume-weight')).toBeNull();
    expect(screen.getByText(/Only what is encrypted already/)).toBeTruthy();
    await userEvent.click(screen.getByTestId('volume-encrypt'));
    await userEvent.type(screen.getByTestId('volume-days-max'), '90');
    await userEvent.click(screen.getByTestId('volume-save'));
    await waitFor(() =>
      expect(sent).toEqual({
        name: 'vault',
        path: '/srv/vault',
        create: false,
        role: 'backup',
        quotaBytes: -1,
        reservePercent: 5,
        weight: 100,
        encryption: 'aes-256-gcm',
        retentionDaysMax: 90,
      }),
    );
  });

  it('can only be looked at by others', async () => {
    asRole('operator');
    list(MAIN);
    renderPage(<VolumesPage />);
    await screen.findByTestId('volume-main');
    expect(screen.queryByTestId('volume-add')).toBeNull();
    expect(screen.queryByTestId('volume-menu-main')).toBeNull();
  });
});
