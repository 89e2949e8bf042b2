// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { pluginVersion } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, DRIVER, problem, server, userWith, withServer } from '../../../test/server';
import type { Plugin, SwapReceipt } from '../../api/plugins';
import { useSession } from '../../api/session';
import type { Driver } from '../../api/types';
import { PluginsPage } from './PluginsPage';

withServer();
const PATH = '/api/v1/plugins';
const NAME = 'org.example.driver.rtsp';
const asRole = (role: string) => useSession.setState({ phase: 'active', user: userWith(role) });

const VERSION = pluginVersion('9.1.0');
const PLUGIN: Plugin = {
  name: NAME,
  state: 'active',
  detail: '',
  current: VERSION,
  previous: { ...VERSION, version: '9.0.0' },
};
const NEW: Driver = { ...DRIVER, version: '9.1.0', bundle: NAME, cameras: 2, serves: true };
const OLD: Driver = { ...DRIVER, cameras: 0, serves: false };

function there(plugins: Plugin[], drivers: Driver[]) {
  server.use(
    http.get(api(PATH), () => HttpResponse.json({ items: plugins })),
    http.get(api('/api/v1/drivers'), () => HttpResponse.json({ items: drivers })),
    http.get(api('/api/v1/cameras'), () => HttpResponse.json({ items: [camera('a'), camera('b')] })),
  );
}

const menu = async (item: string) => {
  await userEvent.click(await screen.findByTestId(`plugin-menu-${NAME}`));
  await userEvent.click(await screen.findByTestId(item));
};

beforeEach(() => asRole('administrator'));

describe('plugins', () => {
  it('say who they are from, who signed them, what they may and how they proved themselves', async () => {
    const { conformance: _, signer: __, ...bare } = VERSION;
    there(
      [
        PLUGIN,
        {
          name: 'org.example.bare',
          state: 'failed',
          detail: 'Its service was not seen within 10 s.',
          current: { ...bare, title: 'Bare', permissions: [], licence: '' },
        },
      ],
      [NEW],
    );
    renderPage(<PluginsPage />);
    const card = within(await screen.findByTestId(`plugin-${NAME}`));
    expect(card.getByText('Example Ltd')).toBeTruthy();
    expect(card.getByText('CN=Vendor')).toBeTruthy();
    expect(card.getByText('71 of 73 tests passed, 2 failed')).toBeTruthy();
    expect(card.getByText(/SocketPermission/)).toBeTruthy();
    expect(await card.findByText('RTSP: 2 cameras')).toBeTruthy();
    const other = within(screen.getByTestId('plugin-org.example.bare'));
    expect(other.getByText('nobody')).toBeTruthy();
    expect(other.getByText('no score in the file')).toBeTruthy();
    expect(other.getByText('no permissions')).toBeTruthy();
    expect(other.getByText('Its service was not seen within 10 s.')).toBeTruthy();
  });

  it('are uploaded; a refusal says which check, what is to blame, and the server’s own reason', async () => {
    const asked: string[] = [];
    there([], []);
    server.use(
      http.post(api(`${PATH}/uploads`), ({ request }) => {
        asked.push(`${new URL(request.url).search} ${request.headers.get('Content-Type')}`);
        return asked.length === 1
          ? problem(422, 'plugin-manifest', 'It imports org.nxvms.driver.spi [7,8), which is not here.', [
              { field: 'Import-Package', detail: 'It imports' },
            ])
          : HttpResponse.json({ plugin: PLUGIN, receipt: 'r1' }, { status: 201 });
      }),
    );
    renderPage(<PluginsPage />);
    await screen.findByTestId('plugins-none');
    await userEvent.click(screen.getByTestId('plugin-install'));
    await userEvent.click(await screen.findByTestId('plugin-take'));
    expect(await screen.findByText('This is needed.')).toBeTruthy();
    expect(asked).toEqual([]);
    await userEvent.upload(screen.getByTestId('plugin-file'), new File(['12345'], 'driver.jar'));
    await userEvent.click(screen.getByTestId('plugin-unsigned'));
    await userEvent.click(screen.getByTestId('plugin-take'));
    const refusal = await screen.findByTestId('plugin-problem');
    expect(refusal.dataset.kind).toBe('manifest');
    expect(refusal.textContent).toContain('Its manifest breaks a rule');
    expect(refusal.textContent).toContain('What is in the way: Import-Package');
    expect(refusal.textContent).toContain('org.nxvms.driver.spi [7,8), which is not here');
    await userEvent.click(screen.getByTestId('plugin-take'));
    await waitFor(() => expect(screen.queryByTestId('plugin-form')).toBeNull());
    expect(asked).toEqual([
      '?allowUnsigned=true application/octet-stream',
      '?allowUnsigned=true application/octet-stream',
    ]);
  });

  it('get another version by address, which one camera tries first', async () => {
    let sent: unknown;
    there([PLUGIN], [NEW]);
    server.use(
      http.post(api(`${PATH}/${NAME}/update`), async ({ request }) => {
        sent = await request.json();
        return HttpResponse.json({
          plugin: { ...PLUGIN, tried: { ...VERSION, version: '9.2.0' } },
          receipt: 'r',
        });
      }),
    );
    renderPage(<PluginsPage />);
    await screen.findByText('RTSP: 2 cameras');
    await menu('plugin-update');
    await userEvent.click(await screen.findByText('By address'));
    await userEvent.type(screen.getByTestId('plugin-url'), 'mvn:org.example/driver/9.2.0');
    await userEvent.click(screen.getByTestId('plugin-try'));
    await userEvent.clear(await screen.findByTestId('trial-soak'));
    await userEvent.type(screen.getByTestId('trial-soak'), '20');
    await userEvent.click(screen.getByTestId('plugin-take'));
    await waitFor(() =>
      expect(sent).toEqual({
        url: 'mvn:org.example/driver/9.2.0',
        allowUnsigned: false,
        trial: { soakSeconds: 20 },
      }),
    );
  });

  it('say what goes with them before they are removed, and are rolled back', async () => {
    const asked: string[] = [];
    there([PLUGIN], [NEW]);
    server.use(
      http.delete(api(`${PATH}/${NAME}`), () => {
        asked.push('remove');
        return problem(409, 'conflict', 'Another operation runs.');
      }),
      http.post(api(`${PATH}/${NAME}/rollback`), () => {
        asked.push('rollback');
        return HttpResponse.json({ plugin: PLUGIN, receipt: 'r' });
      }),
    );
    renderPage(<PluginsPage />);
    await menu('plugin-remove');
    const affected = await screen.findByTestId('plugin-affected');
    await waitFor(() => expect(affected.ownerDocument.body.textContent).toContain('RTSP serves 2 cameras'));
    expect(await screen.findByText('Camera a')).toBeTruthy();
    await userEvent.click(screen.getByTestId('plugin-confirm'));
    expect((await screen.findByTestId('plugin-problem')).textContent).toContain('Another operation runs.');
    await userEvent.keyboard('{Escape}');
    await menu('plugin-rollback');
    expect(await screen.findByText(/Version 9.0.0 takes the place of 9.1.0/)).toBeTruthy();
    await userEvent.click(screen.getByTestId('plugin-confirm'));
    await waitFor(() => expect(asked).toEqual(['remove', 'rollback']));
  });

  it('are left alone while a version is tried', async () => {
    there([{ ...PLUGIN, tried: { ...VERSION, version: '9.2.0' } }], [NEW]);
    renderPage(<PluginsPage />);
    expect((await screen.findByTestId(`plugin-tried-${NAME}`)).textContent).toContain('9.2.0');
    await userEvent.click(screen.getByTestId(`plugin-menu-${NAME}`));
    expect((await screen.findByTestId('plugin-remove')).hasAttribute('disabled')).toBe(true);
  });

  it('are only looked at by operators, and not by viewers', async () => {
    asRole('operator');
    there([PLUGIN], [NEW]);
    const page = renderPage(<PluginsPage />);
    await screen.findByTestId(`plugin-${NAME}`);
    expect(screen.queryByTestId('plugin-install')).toBeNull();
    expect(screen.queryByTestId(`plugin-menu-${NAME}`)).toBeNull();
    expect(screen.queryByTestId('plugins-view-receipts')).toBeNull();
    page.unmount();
    asRole('viewer');
    renderPage(<PluginsPage />);
    expect(screen.getByTestId('plugins-forbidden')).toBeTruthy();
  });
});

describe('versions of a driver', () => {
  const ROLLOUT = {
    driver: 'rtsp',
    from: '9.1.0',
    to: '0.1.0',
    cameraId: 'a',
    phase: 'canary',
    begun: '2026-11-26T10:00:00.000Z',
    since: '2026-11-26T10:00:00.000Z',
    detail: '',
    findings: ['Camera a: 3 of 25 pictures a second'],
  };

  it('stand side by side; another one is tried by one camera first, and given up', async () => {
    let sent: unknown;
    let rollout: object | undefined;
    there([PLUGIN], [NEW, OLD]);
    server.use(
      http.get(api('/api/v1/drivers/rtsp/rollout'), () =>
        rollout ? HttpResponse.json(rollout) : problem(404, 'not-found', 'There was no rollout.'),
      ),
      http.post(api('/api/v1/drivers/rtsp/rollout'), async ({ request }) => {
        sent = await request.json();
        rollout = ROLLOUT;
        return HttpResponse.json(rollout, { status: 202 });
      }),
      http.delete(api('/api/v1/drivers/rtsp/rollout'), () => {
        rollout = { ...ROLLOUT, phase: 'rolled_back', detail: 'Given up.' };
        return HttpResponse.json(rollout);
      }),
    );
    renderPage(<PluginsPage />, '/?view=drivers');
    expect((await screen.findByTestId('driver-rtsp-9.1.0')).dataset.serves).toBe('true');
    expect(screen.queryByTestId('rollout-rtsp-9.1.0')).toBeNull();
    await userEvent.click(await screen.findByTestId('rollout-rtsp-0.1.0'));
    await userEvent.click(await screen.findByTestId('rollout-begin'));
    await waitFor(() => expect(sent).toEqual({ version: '0.1.0', soakSeconds: 60 }));
    const state = await screen.findByTestId('rollout-state-rtsp');
    expect(state.dataset.phase).toBe('canary');
    expect((await screen.findByTestId('rollout-canary')).textContent).toContain('Camera a');
    expect(state.textContent).toContain('3 of 25 pictures a second');
    expect(screen.queryByTestId('rollout-rtsp-0.1.0')).toBeNull();
    await userEvent.click(screen.getByTestId('rollout-giveup-rtsp'));
    await userEvent.click(await screen.findByTestId('rollout-confirm'));
    await waitFor(() => expect(screen.getByTestId('rollout-state-rtsp').dataset.phase).toBe('rolled_back'));
  });
});

describe('the file of a plugin that is dropped', () => {
  const JAR = new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0x0a]);
  const fileOf = (name: string, content: Uint8Array<ArrayBuffer> = JAR) => new File([content], name);
  const drop = (...files: File[]) =>
    fireEvent.drop(document.body, { dataTransfer: { types: ['Files'], files } });
  const over = () => fireEvent.dragOver(document.body, { dataTransfer: { types: ['Files'], files: [] } });

  beforeEach(() => there([], []));

  it('is shown in the same dialog as one that is chosen, and sent when that is confirmed', async () => {
    const sent: string[] = [];
    server.use(
      http.post(api(`${PATH}/uploads`), ({ request }) => {
        sent.push(new URL(request.url).search);
        return HttpResponse.json({ plugin: PLUGIN, receipt: 'r' }, { status: 201 });
      }),
    );
    renderPage(<PluginsPage />);
    await screen.findByTestId('plugins-none');
    // The browser is not to leave for the file.
    expect(over()).toBe(false);
    expect(screen.getByTestId('plugin-drop')).toBeTruthy();
    expect(drop(fileOf('driver.JAR'))).toBe(false);
    expect(screen.queryByTestId('plugin-drop')).toBeNull();
    const form = await screen.findByTestId('plugin-form');
    expect(form.textContent).toContain('driver.JAR');
    expect(within(form).getByTestId('plugin-unsigned')).toBeTruthy();
    expect(sent).toEqual([]);
    await userEvent.click(screen.getByTestId('plugin-take'));
    await waitFor(() => expect(sent).toEqual(['?allowUnsigned=false']));
  });

  it.each([
    ['several', [fileOf('a.jar'), fileOf('b.jar')], 'one file at a time'],
    ['name', [fileOf('notes.txt')], 'ends with .jar or .kar'],
    ['content', [fileOf('cut.jar', new Uint8Array([0x3c, 0x68]))], 'none inside'],
  ] as const)('is refused with the reason where it is none: %s', async (why, files, said) => {
    renderPage(<PluginsPage />);
    await screen.findByTestId('plugins-none');
    drop(...files);
    const told = await screen.findByTestId('plugin-no-file');
    expect(told.dataset.why).toBe(why);
    expect(told.textContent).toContain(said);
    expect(told.textContent).toContain(files[0].name);
    expect(screen.queryByTestId('plugin-form')).toBeNull();
  });

  it('is nothing to who may not install any', async () => {
    asRole('operator');
    renderPage(<PluginsPage />);
    await screen.findByTestId('plugins-none');
    over();
    expect(screen.queryByTestId('plugin-drop')).toBeNull();
    expect(drop(fileOf('driver.jar'))).toBe(false);
    expect(screen.queryByTestId('plugin-form')).toBeNull();
  });
});

describe('a driver of which is not known whether its cameras move', () => {
  it('says so and offers nothing', async () => {
    there([PLUGIN], [NEW, OLD]);
    server.use(
      http.get(api('/api/v1/drivers/rtsp/rollout'), () => problem(403, 'forbidden', 'You may not see that.')),
    );
    renderPage(<PluginsPage />, '/?view=drivers');
    expect((await screen.findByTestId('rollout-problem-rtsp')).textContent).toContain(
      'You may not see that.',
    );
    expect(screen.queryByTestId('rollout-rtsp-0.1.0')).toBeNull();
  });
});

describe('receipts', () => {
  const RECEIPT: SwapReceipt = {
    id: 'r1',
    operation: 'update',
    plugin: NAME,
    from: '9.0.0',
    to: '9.1.0',
    by: 'admin',
    begun: '2026-11-26T10:00:00.000Z',
    ended: '2026-11-26T10:00:01.200Z',
    outcome: 'done',
    detail: '',
    bundles: [{ id: 130, location: 'nxvms-plugin:a', installed: true }],
    bundlesCompared: 118,
    windows: { beforeMs: 1000, duringMs: 1200, afterMs: 1000 },
    frames: [
      { stream: { cameraId: 'a', role: 'main' }, before: 25, during: 30, after: 25, lost: 0, whole: true },
    ],
    signature: 'a.b.c',
  };

  it('tell what was exchanged, and the pictures of each camera before, meanwhile and after', async () => {
    there([], []);
    server.use(
      http.get(api(`${PATH}/receipts`), () =>
        HttpResponse.json({
          items: [
            {
              ...RECEIPT,
              id: 'r2',
              plugin: '',
              operation: 'install',
              outcome: 'refused',
              detail: 'file:/srv/x.jar: Not signed.',
              frames: [],
            },
            RECEIPT,
          ],
        }),
      ),
    );
    renderPage(<PluginsPage />, '/?view=receipts');
    await userEvent.click(await screen.findByTestId('receipt-toggle-r1'));
    const row = within(screen.getByTestId('receipt-frames')).getAllByRole('row')[1];
    await waitFor(() => expect(row?.textContent).toContain('Camera a'));
    expect(
      within(row as HTMLElement)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['Camera a main', '25', '30', '25', '0']);
    expect(screen.getByTestId('receipt-signed').dataset.signed).toBe('true');
    const refused = screen.getByTestId('receipt-toggle-r2');
    expect(refused.textContent).toContain('file:/srv/x.jar');
    await userEvent.click(refused);
    expect(screen.getByTestId('receipt-detail').textContent).toBe('file:/srv/x.jar: Not signed.');
  });
});

describe('trusted signers', () => {
  it('are added by their certificate and taken out', async () => {
    const certificate = { sha256: 'ef', subject: 'CN=Vendor', expires: '2030-01-01T00:00:00.000Z' };
    let items: object[] = [];
    let tries = 0;
    there([], []);
    server.use(
      http.get(api(`${PATH}/trusted`), () => HttpResponse.json({ items })),
      http.post(api(`${PATH}/trusted`), () => {
        tries++;
        if (tries === 1) {
          return problem(422, 'validation', 'The text is no certificate.', [
            { field: 'pem', detail: 'It is no certificate.' },
          ]);
        }
        items = [certificate];
        return HttpResponse.json(certificate, { status: 201 });
      }),
      http.delete(api(`${PATH}/trusted/ef`), () => {
        items = [];
        return new HttpResponse(null, { status: 204 });
      }),
    );
    renderPage(<PluginsPage />, '/?view=trusted');
    await screen.findByTestId('trust-none');
    await userEvent.click(screen.getByTestId('trust-add'));
    await userEvent.type(await screen.findByTestId('trust-pem'), 'nonsense');
    await userEvent.click(screen.getByTestId('trust-save'));
    expect(await screen.findByText(/The text is no certificate/)).toBeTruthy();
    await userEvent.click(screen.getByTestId('trust-save'));
    await userEvent.click(await screen.findByTestId('trust-remove-ef'));
    await userEvent.click(await screen.findByTestId('trust-confirm'));
    await screen.findByTestId('trust-none');
  });

  it('are compared by other means where the browser makes no digest', async () => {
    vi.stubGlobal('crypto', { randomUUID: () => 'u' });
    there([], []);
    server.use(http.get(api(`${PATH}/trusted`), () => HttpResponse.json({ items: [] })));
    renderPage(<PluginsPage />, '/?view=trusted');
    await userEvent.click(await screen.findByTestId('trust-add'));
    expect((await screen.findByTestId('trust-no-digest')).textContent).toContain('openssl x509');
    vi.unstubAllGlobals();
  });
});
