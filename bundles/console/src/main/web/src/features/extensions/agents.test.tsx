// SPDX-License-Identifier: Apache-2.0
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import type { CameraContext, ExportedPackage, SearchWish } from 'nxvms-console-host';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exportJob } from '../../../mocks/fixtures';
import { element, extension, installed, noExtensions } from '../../../test/extensions';
import { renderPage } from '../../../test/render';
import { api, camera, listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { Toasts } from '../../ui/toast';
import { CameraDialog } from '../cameras/CameraDialog';
import { EventsPage } from '../events/EventsPage';
import { ExportCard } from '../exports/ExportCard';
import { useExtensions } from './useExtensions';

withServer();

const AT = Date.parse('2026-11-25T12:00:00.000Z');

beforeEach(() => {
  noExtensions();
  vi.stubGlobal(
    'EventSource',
    class extends EventTarget {
      static readonly CLOSED = 2;
      readyState = 1;
      close() {}
    },
  );
  useSession.setState({ phase: 'active', user: userWith('administrator') });
  server.use(
    ...listing([camera('gate'), camera('yard')]),
    http.get(api('/api/v1/events'), () => HttpResponse.json({ items: [] })),
    http.get(api('/api/v1/events/kinds'), () => HttpResponse.json({ items: [] })),
  );
});
afterEach(() => {
  act(() => installed());
  vi.unstubAllGlobals();
});

describe('a part of what is set of a camera', () => {
  it('stands in its dialog, and not where one is added', async () => {
    act(() =>
      installed(
        extension('plates', [{ slot: 'camera.config', name: 'zone', title: 'title' }], (host) =>
          host.registerSlot(
            'zone',
            element<CameraContext>(host, 'zone', (context) => `zone of ${context?.cameraName}`),
          ),
        ),
      ),
    );
    const { unmount } = renderPage(<CameraDialog existing={camera('gate')} onClose={() => undefined} />);
    await waitFor(() =>
      expect(screen.getByTestId('extension-plates-zone').textContent).toBe('zone of Camera gate'),
    );
    unmount();
    renderPage(<CameraDialog onClose={() => undefined} />);
    await screen.findByTestId('camera-form');
    expect(screen.queryByTestId('extension-plates-zone')).toBeNull();
  });
});

describe('an agent', () => {
  it('finds moments for the words that are looked for in events, and leads to them', async () => {
    const wishes: SearchWish[] = [];
    act(() =>
      installed(
        extension('plates', [{ slot: 'search.agent', name: 'seen', title: 'title' }], (host) =>
          host.registerSearchAgent('seen', {
            find: async (wish) => {
              wishes.push(wish);
              return [
                { cameraId: 'gate', at: AT, title: 'B-NX 101', detail: 'leaving' },
                { cameraId: 'gate', at: Number.NaN, title: 'no moment' },
              ];
            },
          }),
        ),
      ),
    );
    renderPage(<EventsPage />, '/events?camera=gate&text=B-NX&range=1h');
    const link = await screen.findByRole('link', { name: /25/ });
    expect(link.getAttribute('href')).toBe('/playback/gate?t=2026-11-25T12:00:00.000Z');
    const finds = screen.getByTestId('finds-plates-seen');
    expect(finds.dataset.count).toBe('1');
    await waitFor(() => expect(finds.textContent).toContain('Camera gate · B-NX 101 leaving'));
    expect(wishes[0]).toMatchObject({ text: 'B-NX', cameraIds: ['gate'] });
    expect(Number(wishes[0]?.to) - Number(wishes[0]?.from)).toBe(3_600_000);
  });

  it('is not asked while no words are typed', async () => {
    const find = vi.fn(async () => []);
    act(() =>
      installed(
        extension('plates', [{ slot: 'search.agent', name: 'seen', title: 'title' }], (host) =>
          host.registerSearchAgent('seen', { find }),
        ),
      ),
    );
    renderPage(<EventsPage />, '/events');
    await screen.findByTestId('events-none');
    expect(screen.queryByTestId('finds-plates-seen')).toBeNull();
    expect(find).not.toHaveBeenCalled();
  });

  it('that fails says why, in its place alone', async () => {
    act(() =>
      installed(
        extension('plates', [{ slot: 'search.agent', name: 'seen', title: 'title' }], (host) =>
          host.registerSearchAgent('seen', {
            find: async () => {
              throw new Error('The plates are away.');
            },
          }),
        ),
      ),
    );
    renderPage(<EventsPage />, '/events?text=B-NX');
    const finds = await screen.findByTestId('finds-plates-seen');
    await within(finds).findByText('The plates are away.');
    expect(screen.getByTestId('events-none')).toBeTruthy();
    expect(useExtensions.getState().faults).toMatchObject([{ id: 'plates', kind: 'part' }]);
  });
});

describe('a target', () => {
  it('takes a package that is ready, and what goes wrong is told', async () => {
    const taken: ExportedPackage[] = [];
    act(() =>
      installed(
        extension('vault', [{ slot: 'export.target', name: 'shelf', title: 'title' }], (host) =>
          host.registerExportTarget('shelf', {
            take: async (one) => {
              taken.push(one);
              if (taken.length > 1) {
                throw new Error('The shelf is full.');
              }
            },
          }),
        ),
      ),
    );
    const card = (id: string, extra: Parameters<typeof exportJob>[1]) => (
      <ExportCard
        item={exportJob(id, extra)}
        nameOf={() => undefined}
        removable={false}
        onRemove={() => undefined}
        onLock={() => undefined}
      />
    );
    renderPage(
      <ul>
        {card('done', { state: 'done', url: '/media/v1/exports/done', bytesDone: 7, reason: 'Theft' })}
        {card('waiting', {})}
        <Toasts />
      </ul>,
    );
    const button = await screen.findByTestId('export-target-vault-shelf-done');
    expect(screen.queryByTestId('export-target-vault-shelf-waiting')).toBeNull();
    await userEvent.click(button);
    await screen.findByText('Extension vault: done');
    expect(taken).toEqual([{ exportId: 'done', url: '/media/v1/exports/done', bytes: 7, reason: 'Theft' }]);
    await userEvent.click(button);
    await screen.findByText('The shelf is full.');
  });
});
