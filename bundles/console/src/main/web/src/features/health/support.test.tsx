// SPDX-License-Identifier: Apache-2.0
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { delay, HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, listing, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { saveFile } from '../../ui/download';
import { HealthPage } from './HealthPage';

vi.mock('../../ui/download', () => ({ saveFile: vi.fn() }));

withServer();
const BUNDLE = api('/api/v1/health/support-bundle');

afterEach(() => {
  vi.mocked(saveFile).mockReset();
});

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('administrator') });
  server.use(
    ...listing([]),
    http.get(api('/api/v1/health/cameras'), () => HttpResponse.json({ items: [] })),
    http.get(api('/api/v1/health'), () =>
      HttpResponse.json({ status: 'up', ready: true, version: '0.1.0', parts: [] }),
    ),
  );
});

describe('the support bundle', () => {
  it('is fetched when asked for, and saved by the name that the server gives it', async () => {
    server.use(
      http.get(
        BUNDLE,
        () =>
          new HttpResponse(new Uint8Array(2048), {
            headers: {
              'Content-Type': 'application/zip',
              'Content-Disposition': 'attachment; filename="nxvms-support-1.zip"',
            },
          }),
      ),
    );
    renderPage(<HealthPage />);
    await userEvent.click(await screen.findByTestId('support-bundle-make'));
    expect(await screen.findByText('nxvms-support-1.zip (2.0 KiB) is saved.')).toBeTruthy();
    const [blob, name] = vi.mocked(saveFile).mock.calls[0] ?? [];
    expect(blob?.size).toBe(2048);
    expect(name).toBe('nxvms-support-1.zip');
  });

  it('says why there is none, and can be asked for again', async () => {
    server.use(http.get(BUNDLE, () => problem(503, 'unavailable', 'Another support bundle is being made.')));
    renderPage(<HealthPage />);
    await userEvent.click(await screen.findByTestId('support-bundle-make'));
    expect(await screen.findByText(/Another support bundle is being made/)).toBeTruthy();
    expect(screen.getByTestId('support-bundle-make').hasAttribute('data-loading')).toBe(false);
    expect(saveFile).not.toHaveBeenCalled();
  });

  it('is given up without an error when somebody cancels it', async () => {
    server.use(
      http.get(BUNDLE, async () => {
        await delay('infinite');
        return new HttpResponse();
      }),
    );
    renderPage(<HealthPage />);
    await userEvent.click(await screen.findByTestId('support-bundle-make'));
    await userEvent.click(await screen.findByTestId('support-bundle-cancel'));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.queryByTestId('support-bundle-cancel')).toBeNull();
    expect(saveFile).not.toHaveBeenCalled();
  });

  it('is not offered to who may not take along what the server knows', async () => {
    useSession.setState({ phase: 'active', user: userWith('operator') });
    renderPage(<HealthPage />);
    expect(await screen.findByTestId('health-status')).toBeTruthy();
    expect(screen.queryByTestId('support-bundle-make')).toBeNull();
  });
});
