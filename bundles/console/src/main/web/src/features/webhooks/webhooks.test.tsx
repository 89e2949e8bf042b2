// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { WEBHOOK_UP as UP, webhook } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, listing, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import type { Webhook } from '../../api/webhooks';
import { familiesOf, headersOf } from './draft';
import { WebhooksPage } from './WebhooksPage';

withServer();
const WEBHOOKS = '/api/v1/webhooks';
const healthOf = (...parts: string[]) =>
  http.get(api('/api/v1/health'), () =>
    HttpResponse.json({
      status: 'up',
      ready: true,
      version: '0',
      parts: parts.map((name) => ({ name, status: 'up' })),
    }),
  );
let webhooks: Webhook[];

beforeEach(() => {
  webhooks = [
    webhook('alarms', { headers: ['Authorization'] }),
    webhook('gone', {
      status: { ...UP, state: 'failing', detail: 'Connection refused. Is it running?', lost: 3, waiting: 17 },
    }),
  ];
  useSession.setState({ phase: 'active', user: userWith('administrator') });
  server.use(
    healthOf('rest', 'webhooks'),
    ...listing([camera('a')]),
    http.get(api('/api/v1/events/kinds'), () =>
      HttpResponse.json({
        items: ['camera.motion', 'camera.input', 'user.added'].map((kind) => ({ kind, title: kind })),
      }),
    ),
    http.get(api(WEBHOOKS), () => HttpResponse.json({ items: webhooks })),
    http.get(api(`${WEBHOOKS}/:name`), ({ params }) =>
      HttpResponse.json(
        webhooks.find(({ name }) => name === params.name),
        { headers: { ETag: '"7"' } },
      ),
    ),
  );
});

const openMenu = async (name: string, item: string) => {
  await userEvent.click(await screen.findByTestId(`webhook-menu-${name}`));
  await userEvent.click(await screen.findByTestId(item));
};

describe('webhooks', () => {
  it('show how they fare, why not, and what was lost', async () => {
    renderPage(<WebhooksPage />);
    const well = within(await screen.findByTestId('webhook-alarms'));
    expect(well.getByText('works')).toBeTruthy();
    expect(well.getByText('1,234')).toBeTruthy();
    expect(screen.queryByTestId('webhook-lost-alarms')).toBeNull();
    expect(screen.getByTestId('webhook-reason-gone').textContent).toContain('Connection refused');
    expect(screen.getByTestId('webhook-lost-gone').textContent).toContain('3 events were lost');
  });

  it('are added with a filter and headers; the secret is shown once', async () => {
    let sent: unknown;
    server.use(
      http.post(api(WEBHOOKS), async ({ request }) => {
        sent = await request.json();
        return HttpResponse.json(webhook('doors', { secret: 'whsec_once', status: undefined }), {
          status: 201,
        });
      }),
    );
    renderPage(<WebhooksPage />);
    await userEvent.click(await screen.findByTestId('webhook-add'));
    await userEvent.type(screen.getByTestId('webhook-name'), 'doors');
    await userEvent.type(screen.getByTestId('webhook-url'), 'https://doors.example/x');
    await userEvent.click(screen.getByTestId('webhook-kinds'));
    await userEvent.click(await screen.findByRole('option', { name: 'Everything a camera says' }));
    await userEvent.click(screen.getByTestId('webhook-with-headers'));
    await userEvent.type(screen.getByTestId('webhook-headers'), 'Authorization Bearer');
    await userEvent.click(screen.getByTestId('webhook-save'));
    expect(sent).toBeUndefined();
    await userEvent.clear(screen.getByTestId('webhook-headers'));
    await userEvent.type(screen.getByTestId('webhook-headers'), 'Authorization: Bearer x');
    await userEvent.click(screen.getByTestId('webhook-save'));
    expect(((await screen.findByTestId('webhook-secret')) as HTMLInputElement).value).toBe('whsec_once');
    expect(sent).toEqual({
      name: 'doors',
      url: 'https://doors.example/x',
      enabled: true,
      filter: { kinds: ['camera.*'], cameras: [], severity: 'info' },
      timeoutMs: 10_000,
      headers: { Authorization: 'Bearer x' },
    });
    await userEvent.click(screen.getByTestId('webhook-kept'));
    await waitFor(() => expect(screen.queryByTestId('webhook-secret')).toBeNull());
  });

  it('are changed from what was seen; headers stay unless they are entered anew', async () => {
    const sent: unknown[] = [];
    server.use(
      http.patch(api(`${WEBHOOKS}/alarms`), async ({ request }) => {
        sent.push([request.headers.get('If-Match'), await request.json()]);
        return sent.length === 1
          ? problem(422, 'validation', '', [
              { field: 'headers', detail: 'Headers were entered for another scheme, host or port.' },
            ])
          : HttpResponse.json(webhook('alarms'));
      }),
    );
    renderPage(<WebhooksPage />);
    await openMenu('alarms', 'webhook-edit');
    const url = (await screen.findByTestId('webhook-url')) as HTMLInputElement;
    await waitFor(() => expect(url.value).toBe('https://alarms.example/events'));
    expect(screen.getByText(/Sent along now: Authorization/)).toBeTruthy();
    await userEvent.clear(url);
    await userEvent.type(url, 'https://elsewhere.example/');
    await userEvent.click(screen.getByTestId('webhook-save'));
    expect(await screen.findByText(/entered for another scheme/)).toBeTruthy();
    await userEvent.type(screen.getByTestId('webhook-headers'), 'X-Token: 1');
    await userEvent.click(screen.getByTestId('webhook-save'));
    await waitFor(() => expect(screen.queryByTestId('webhook-form')).toBeNull());
    const change = {
      url: 'https://elsewhere.example/',
      enabled: true,
      filter: { kinds: [], cameras: [], severity: 'info' },
      timeoutMs: 10_000,
    };
    expect(sent).toEqual([
      ['"7"', change],
      ['"7"', { ...change, headers: { 'X-Token': '1' } }],
    ]);
  });

  it('are tested, given another secret, and removed', async () => {
    server.use(
      http.post(api(`${WEBHOOKS}/alarms/test`), () =>
        HttpResponse.json({ delivered: true, status: 204, detail: '', durationMs: 12 }),
      ),
      http.post(api(`${WEBHOOKS}/gone/test`), () =>
        HttpResponse.json({ delivered: false, detail: 'No route to host.', durationMs: 9 }),
      ),
      http.post(api(`${WEBHOOKS}/alarms/secret`), () =>
        HttpResponse.json(webhook('alarms', { secret: 'whsec_next' })),
      ),
      http.delete(api(`${WEBHOOKS}/gone`), () => {
        webhooks = webhooks.slice(0, 1);
        return new HttpResponse(null, { status: 204 });
      }),
    );
    renderPage(<WebhooksPage />);
    await userEvent.click(await screen.findByTestId('webhook-test-alarms'));
    expect(await screen.findByText('It arrived (204, 12 ms).')).toBeTruthy();
    await userEvent.click(screen.getByTestId('webhook-test-gone'));
    expect(await screen.findByText('It did not arrive: No route to host.')).toBeTruthy();
    await openMenu('alarms', 'webhook-new-secret');
    await userEvent.click(await screen.findByTestId('webhook-confirm'));
    expect(((await screen.findByTestId('webhook-secret')) as HTMLInputElement).value).toBe('whsec_next');
    await userEvent.click(screen.getByTestId('webhook-kept'));
    await openMenu('gone', 'webhook-remove');
    await userEvent.click(await screen.findByTestId('webhook-confirm'));
    await waitFor(() => expect(screen.queryByTestId('webhook-gone')).toBeNull());
  });

  it('are offered where they are not installed, and nothing is shown to who may not manage them', async () => {
    let asked = 0;
    server.use(
      healthOf('rest'),
      http.get(api(WEBHOOKS), () => {
        asked++;
        return new HttpResponse('<html>', { status: 404 });
      }),
    );
    const { unmount } = renderPage(<WebhooksPage />);
    expect((await screen.findByTestId('webhooks-absent')).textContent).toContain('feature:install');
    expect(screen.queryByTestId('webhook-add')).toBeNull();
    expect(asked).toBe(0);
    unmount();
    useSession.setState({ phase: 'active', user: userWith('operator') });
    renderPage(<WebhooksPage />);
    expect(screen.getByTestId('webhooks-forbidden')).toBeTruthy();
  });
});

describe('headers that are typed', () => {
  it('are one a line', () => {
    expect(headersOf('A: 1\n\n X-B : two: three ')).toEqual({ A: '1', 'X-B': 'two: three' });
    expect(headersOf('')).toEqual({});
  });

  it('are none when a line is no header', () => {
    for (const text of ['A', 'A:', ': 1', 'A b: 1', 'A: 1\nB']) {
      expect({ text, headers: headersOf(text) }).toEqual({ text, headers: undefined });
    }
  });
});

describe('families of kinds', () => {
  it('are those with several in them', () => {
    const kinds = ['camera.motion', 'camera.input', 'user.added'].map((kind) => ({ kind }));
    expect(familiesOf(kinds as never)).toEqual(['camera.*']);
  });
});
