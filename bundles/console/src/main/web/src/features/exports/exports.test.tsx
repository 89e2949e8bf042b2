// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exportJob as job } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, listing, problem, server, userWith, withServer } from '../../../test/server';
import type { Export, ExportDraft } from '../../api/exports';
import { useSession } from '../../api/session';
import { FootageMenu } from '../playback/FootageMenu';
import { ExportDialog } from './ExportDialog';
import { ExportsPage } from './ExportsPage';

withServer();
const EXPORTS = '/api/v1/exports';
const nothing = () => {};
let exports: Export[];

afterEach(() => {
  vi.restoreAllMocks();
});

beforeEach(() => {
  exports = [];
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(
    ...listing([camera('gate'), camera('yard')]),
    http.get(api(EXPORTS), () => HttpResponse.json({ items: exports })),
  );
});

/** The dialog, for a second of one camera: {@return what is ordered by it} */
function showDialog(): ExportDraft[] {
  const sent: ExportDraft[] = [];
  server.use(
    http.post(api(EXPORTS), async ({ request }) => {
      sent.push((await request.json()) as ExportDraft);
      return HttpResponse.json(job('n'), { status: 201 });
    }),
  );
  renderPage(
    <ExportDialog
      cameraIds={['gate']}
      offered={{ from: 1_000, to: 2_000 }}
      onOrdered={nothing}
      onClose={nothing}
    />,
  );
  return sent;
}

describe('exports', () => {
  it('tell how far they are, how long it takes, until when they are kept, and why they failed', async () => {
    exports = [
      job('w', { queuePosition: 2 }),
      job('r', { state: 'running', bytesDone: 10 * 1024 * 1024, remainingSeconds: 90 }),
      job('d', {
        state: 'done',
        bytesDone: 3 * 1024 * 1024,
        expires: '2026-11-28T19:00:00.000Z',
        url: '/media/v1/exports/d',
      }),
      job('f', { state: 'failed', detail: 'The disk is full.', cameraIds: ['gate', 'gone'] }),
    ];
    renderPage(<ExportsPage />);
    const waiting = within(await screen.findByTestId('export-w'));
    expect(waiting.getByText('waiting')).toBeTruthy();
    expect(waiting.getByText('about 40.0 MiB · number 2 in the queue')).toBeTruthy();
    expect(waiting.queryByRole('progressbar')).toBeNull();
    const running = within(screen.getByTestId('export-r'));
    expect(running.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
    expect(running.getByText('25 %: 10.0 MiB of about 40.0 MiB · about 1 min 30 s left')).toBeTruthy();
    const done = within(screen.getByTestId('export-d'));
    expect(done.getByText(/^3\.0 MiB · kept until /)).toBeTruthy();
    expect(screen.getByTestId('export-download-d').getAttribute('href')).toBe('/media/v1/exports/d');
    expect(screen.queryByTestId('export-download-r')).toBeNull();
    const failed = within(screen.getByTestId('export-f'));
    expect(failed.getByText('The disk is full.')).toBeTruthy();
    expect(await failed.findByText('Camera gate, a removed camera')).toBeTruthy();
    const watched = (id: string) => screen.getByTestId(`export-watch-${id}`).getAttribute('href');
    const moment = encodeURIComponent(new Date(job('d').from).toISOString());
    expect(watched('d')).toBe(`/playback/${job('d').cameraIds[0]}?t=${moment}`);
    expect(watched('f')).toBe(`/playback?cameras=gate,gone&t=${moment}`);
  });

  it('are ordered for several cameras and a range; what the server refuses is said', async () => {
    const sent: ExportDraft[] = [];
    server.use(
      http.post(api(EXPORTS), async ({ request }) => {
        sent.push((await request.json()) as ExportDraft);
        if (sent.length === 1) {
          return problem(409, 'conflict', 'Packages have no room. Remove exports.');
        }
        exports = [job('n')];
        return HttpResponse.json(exports[0], { status: 201 });
      }),
    );
    renderPage(<ExportsPage />);
    expect(await screen.findByTestId('exports-none')).toBeTruthy();
    await userEvent.click(screen.getByTestId('export-new'));
    expect(screen.getByTestId('export-save').hasAttribute('disabled')).toBe(true);
    await userEvent.click(screen.getByTestId('export-cameras'));
    await userEvent.click(await screen.findByRole('option', { name: 'Camera gate' }));
    await userEvent.click(screen.getByTestId('export-cameras'));
    await userEvent.click(await screen.findByRole('option', { name: 'Camera yard' }));
    await userEvent.type(screen.getByTestId('export-reason'), 'case 17');
    await userEvent.click(screen.getByTestId('export-save'));
    expect((await screen.findByTestId('export-problem')).textContent).toContain('no room');
    await userEvent.click(screen.getByTestId('export-save'));
    expect(await screen.findByTestId('export-n')).toBeTruthy();
    await waitFor(() => expect(screen.queryByTestId('export-form')).toBeNull());
    expect(sent[1]).toMatchObject({
      cameraIds: ['gate', 'yard'],
      stream: 'main',
      form: 'mp4',
      cut: 'key_frame',
      reason: 'case 17',
    });
    expect(Date.parse(sent[1]?.to ?? '') - Date.parse(sent[1]?.from ?? '')).toBe(10 * 60_000);
  });

  it('are of the stream that has the footage, and tell whose it has not', async () => {
    const footage: Record<string, string[]> = { main: [], sub: ['gate'] };
    const sent: ExportDraft[] = [];
    server.use(
      http.get(api('/api/v1/timeline'), ({ request }) => {
        const query = new URL(request.url).searchParams;
        const there = footage[query.get('stream') ?? ''] ?? [];
        const lane = (cameraId: string) => ({
          cameraId,
          gaps: [],
          spans: there.includes(cameraId) ? [[1, 2]] : [],
        });
        return HttpResponse.json({ cameras: (query.get('cameras') ?? '').split(',').map(lane) });
      }),
      http.post(api(EXPORTS), async ({ request }) => {
        sent.push((await request.json()) as ExportDraft);
        return HttpResponse.json(job('n'), { status: 201 });
      }),
    );
    const offered = { from: 1_000, to: 2_000 };
    const dialog = (cameraIds: string[]) => (
      <ExportDialog cameraIds={cameraIds} offered={offered} onOrdered={nothing} onClose={nothing} />
    );
    const { unmount } = renderPage(dialog(['gate', 'yard']));
    await waitFor(() =>
      expect((screen.getByTestId('export-stream') as HTMLInputElement).value).toBe('small'),
    );
    expect(await screen.findByText('Without footage of this stream in this time: Camera yard.')).toBeTruthy();
    await userEvent.click(screen.getByTestId('export-save'));
    await waitFor(() => expect(sent[0]?.stream).toBe('sub'));
    unmount();
    footage.main = ['gate'];
    renderPage(dialog(['gate']));
    await waitFor(() => expect(screen.queryByText(/Without footage/)).toBeNull());
    expect((screen.getByTestId('export-stream') as HTMLInputElement).value).toBe('full resolution');
  });

  it('are of the stretch that was chosen in playback', async () => {
    const offered = {
      from: Date.parse('2026-11-25T18:00:00.123Z'),
      to: Date.parse('2026-11-25T18:30:00.000Z'),
    };
    const sent: ExportDraft[] = [];
    let ordered = false;
    server.use(
      http.post(api(EXPORTS), async ({ request }) => {
        sent.push((await request.json()) as ExportDraft);
        return HttpResponse.json(job('n'), { status: 201 });
      }),
    );
    renderPage(
      <ExportDialog
        cameraIds={['gate']}
        offered={offered}
        onOrdered={() => {
          ordered = true;
        }}
        onClose={nothing}
      />,
    );
    await userEvent.click(screen.getByTestId('export-cut'));
    await userEvent.click(await screen.findByRole('option', { name: 'cut exactly' }));
    expect(screen.getByText(/are encoded anew/)).toBeTruthy();
    await userEvent.click(screen.getByTestId('export-save'));
    await waitFor(() => expect(ordered).toBe(true));
    expect(sent).toEqual([
      {
        cameraIds: ['gate'],
        from: '2026-11-25T18:00:00.123Z',
        to: '2026-11-25T18:30:00.000Z',
        stream: 'main',
        form: 'mp4',
        cut: 'exact',
        reason: '',
      },
    ]);
  });

  it('have no sound when that is asked for, but the archive’s own files have it', async () => {
    const sent = showDialog();
    await userEvent.click(screen.getByTestId('export-sound'));
    await userEvent.click(screen.getByTestId('export-save'));
    await waitFor(() => expect(sent).toMatchObject([{ form: 'mp4', sound: false }]));
    await userEvent.click(screen.getByTestId('export-form-of'));
    await userEvent.click(await screen.findByRole('option', { name: "the archive's own files" }));
    expect(screen.queryByTestId('export-sound')).toBeNull();
    await userEvent.click(screen.getByTestId('export-save'));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]).not.toHaveProperty('sound');
  });

  it('of the archive’s own files are not cut', async () => {
    const sent = showDialog();
    await userEvent.click(screen.getByTestId('export-cut'));
    await userEvent.click(await screen.findByRole('option', { name: 'cut exactly' }));
    await userEvent.click(screen.getByTestId('export-form-of'));
    await userEvent.click(await screen.findByRole('option', { name: "the archive's own files" }));
    expect(screen.queryByTestId('export-cut')).toBeNull();
    await userEvent.click(screen.getByTestId('export-save'));
    await waitFor(() => expect(sent).toMatchObject([{ form: 'chunks', cut: 'key_frame' }]));
  });

  it('tell how large they would be, and why they would not be taken, before they are ordered', async () => {
    const asked: ExportDraft[] = [];
    server.use(
      http.post(api(`${EXPORTS}/estimate`), async ({ request }) => {
        const draft = (await request.json()) as ExportDraft;
        asked.push(draft);
        if (draft.stream === 'sub') {
          return problem(422, 'validation', 'There is no footage of the stream sub.');
        }
        return HttpResponse.json({
          bytes: 3 * 1024 ** 3,
          segments: 12,
          withSound: ['gate'],
          objection: 'Packages have 8 of at most 10 bytes.',
        });
      }),
    );
    renderPage(
      <ExportDialog
        cameraIds={['gate']}
        offered={{ from: 1_000, to: 2_000 }}
        onOrdered={nothing}
        onClose={nothing}
      />,
    );
    await screen.findByText('About 3.0 GiB, from 12 files of the archive. There is sound in it.');
    expect(screen.getByTestId('export-objection').textContent).toContain('8 of at most 10');
    await userEvent.type(screen.getByTestId('export-reason'), 'theft');
    await userEvent.click(screen.getByTestId('export-stream'));
    await userEvent.click(await screen.findByRole('option', { name: 'small' }));
    await screen.findByText(/There is no footage of the stream sub/);
    expect(asked.map(({ stream, reason }) => [stream, reason])).toEqual([
      ['main', ''],
      ['sub', ''],
    ]);
  });

  it('are not ordered of what is no range', async () => {
    renderPage(
      <ExportDialog
        cameraIds={['gate']}
        offered={{ from: 2_000, to: 2_000 }}
        onOrdered={nothing}
        onClose={nothing}
      />,
    );
    expect(screen.getByTestId('export-save').hasAttribute('disabled')).toBe(true);
    expect(screen.getByText('The end must be later than the beginning.')).toBeTruthy();
  });

  it('are cancelled and removed when that was confirmed, by who ordered them or manages storage', async () => {
    const removed: string[] = [];
    exports = [job('mine', { state: 'running' }), job('theirs', { state: 'done', createdBy: 'olga' })];
    server.use(
      http.delete(api(`${EXPORTS}/:id`), ({ params }) => {
        removed.push(String(params.id));
        exports = exports.filter(({ id }) => id !== params.id);
        return new HttpResponse(null, { status: 204 });
      }),
    );
    renderPage(<ExportsPage />);
    await userEvent.click(await screen.findByTestId('export-remove-mine'));
    expect(await screen.findByText('Cancel this export?')).toBeTruthy();
    expect(removed).toEqual([]);
    expect(screen.queryByTestId('export-remove-theirs')).toBeNull();
    await userEvent.click(screen.getByTestId('export-confirm'));
    await waitFor(() => expect(screen.queryByTestId('export-mine')).toBeNull());
    expect(removed).toEqual(['mine']);
    useSession.setState({ user: userWith('administrator') });
    expect(await screen.findByTestId('export-remove-theirs')).toBeTruthy();
  });

  it('are taken away with a password that is typed twice, and what the server refuses is said', async () => {
    exports = [job('d', { state: 'done', url: '/media/v1/exports/d' }), job('r', { state: 'running' })];
    const sent: unknown[] = [];
    const saved: string[] = [];
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:package');
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(`${this.download} from ${this.href}`);
    });
    server.use(
      http.post(api('/media/v1/exports/d'), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(503, 'unavailable', 'As many packages are being sent now as may be.')
          : new HttpResponse('PK', {
              headers: { 'Content-Disposition': 'attachment; filename="nxvms-export-d-locked.zip"' },
            });
      }),
    );
    renderPage(<ExportsPage />);
    await userEvent.click(await screen.findByTestId('export-lock-d'));
    expect(screen.queryByTestId('export-lock-r')).toBeNull();
    const go = screen.getByTestId('export-locked-save');
    await userEvent.type(screen.getByTestId('export-password'), 'grün und lang');
    expect(screen.getByText(/without accents/)).toBeTruthy();
    await userEvent.clear(screen.getByTestId('export-password'));
    await userEvent.type(screen.getByTestId('export-password'), 'short');
    await userEvent.type(screen.getByTestId('export-password-again'), 'short');
    expect(go.hasAttribute('disabled')).toBe(true);
    await userEvent.type(screen.getByTestId('export-password'), ' no more');
    expect(screen.getByText('This is another one.')).toBeTruthy();
    expect(go.hasAttribute('disabled')).toBe(true);
    await userEvent.type(screen.getByTestId('export-password-again'), ' no more');
    await userEvent.click(go);
    expect((await screen.findByTestId('export-locked-problem')).textContent).toContain('As many packages');
    await userEvent.click(go);
    await waitFor(() => expect(screen.queryByTestId('export-locked-form')).toBeNull());
    expect(sent).toEqual([{ password: 'short no more' }, { password: 'short no more' }]);
    expect(saved).toEqual(['nxvms-export-d-locked.zip from blob:package']);
  });

  it('are offered to who may export', async () => {
    useSession.setState({ phase: 'active', user: userWith('viewer') });
    const page = renderPage(<ExportsPage />);
    expect(screen.getByTestId('exports-forbidden')).toBeTruthy();
    page.unmount();
    const chosen: string[] = [];
    renderPage(
      <FootageMenu
        camera={camera('gate', { permissions: ['export'] })}
        onChoose={(task) => chosen.push(task)}
      />,
    );
    await userEvent.click(screen.getByTestId('footage-menu'));
    await userEvent.click(await screen.findByTestId('footage-export'));
    expect(chosen).toEqual(['export']);
  });
});
