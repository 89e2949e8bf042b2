// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, camera, problem, server, withServer } from '../../../test/server';
import type { GapFill, GapFillDraft } from '../../api/gapFills';
import { CoverageDialog } from './CoverageDialog';
import { FillDialog, mayFill } from './FillDialog';
import { FootageTasks } from './FootageTasks';

withServer();

const GAP = { from: Date.parse('2026-11-25T18:00:00.123Z'), to: Date.parse('2026-11-25T18:10:00.000Z') };
const FILL: GapFill = {
  id: 'f1',
  cameraId: 'a',
  from: '2026-11-25T18:00:00.123Z',
  to: '2026-11-25T18:10:00.000Z',
  state: 'running',
  missingMs: 600_000,
  filledMs: 150_000,
  createdBy: 'olga',
  created: '2026-11-25T18:20:00.000Z',
};
const nothing = () => {};

function recordsItself(permissions: string[] = ['manage_cameras']) {
  const one = camera('a');
  const device = { driverVersion: '1', capabilities: ['edge_recordings'] };
  return { ...one, permissions, status: { ...one.status, device } };
}

describe('what is missing', () => {
  it('is fetched from the camera by who manages it, where the camera records itself', () => {
    expect(mayFill(recordsItself())).toBe(true);
    expect(mayFill(recordsItself(['view_archive']))).toBe(false);
    expect(mayFill({ ...camera('a'), permissions: ['manage_cameras'] })).toBe(false);
  });

  it('is asked for as the gap that is shown, and how far it is is told until it is over', async () => {
    let sent: GapFillDraft | undefined;
    let now: GapFill[] = [{ ...FILL, id: 'f0', cameraId: 'b' }];
    server.use(
      http.get(api('/api/v1/gap-fills'), () => HttpResponse.json({ items: now })),
      http.post(api('/api/v1/gap-fills'), async ({ request }) => {
        sent = (await request.json()) as GapFillDraft;
        now = [FILL, ...now];
        return HttpResponse.json(FILL, { status: 202 });
      }),
    );
    renderPage(
      <FootageTasks
        task="fill"
        camera={recordsItself()}
        exported={[]}
        locks={[]}
        gap={GAP}
        position={() => GAP.from}
        onGo={nothing}
        onPlay={nothing}
        onClose={nothing}
      />,
    );
    await userEvent.click(await screen.findByTestId('fill-begin'));
    const line = await screen.findByTestId('fill-f1');
    expect(sent).toEqual({ cameraId: 'a', from: FILL.from, to: FILL.to });
    expect(line.textContent).toContain('2 min 30 s of 10 min 00 s');
    expect(line.textContent).toContain('by olga');
    expect(screen.queryByTestId('fill-f0')).toBeNull();

    now = [{ ...FILL, state: 'done', filledMs: 600_000 }];
    await waitFor(() => expect(screen.getByTestId('fill-f1').dataset.state).toBe('done'), {
      timeout: 10_000,
    });
    expect(screen.getByTestId('fill-f1').textContent).toContain('10 min 00 s of 10 min 00 s');
  });

  it('says why it cannot be fetched, and why it was not', async () => {
    server.use(
      http.get(api('/api/v1/gap-fills'), () =>
        HttpResponse.json({
          items: [
            {
              ...FILL,
              state: 'failed',
              createdBy: undefined,
              detail: 'The camera does not answer.',
              filledMs: 0,
            },
          ],
        }),
      ),
      http.post(api('/api/v1/gap-fills'), () => problem(409, 'conflict', 'There are too many jobs.')),
    );
    renderPage(<FillDialog camera={recordsItself()} offered={GAP} onClose={nothing} />);
    const line = await screen.findByTestId('fill-f1');
    expect(line.textContent).toMatch(/by itself.*The camera does not answer\./);
    await userEvent.click(screen.getByTestId('fill-begin'));
    expect((await screen.findByTestId('fill-problem')).textContent).toContain('too many jobs');
  });

  it('of a day is fetched from the table of days', async () => {
    const day = { totalMs: 86_400_000, coveredMs: 86_340_000, percent: 99.93 };
    server.use(
      http.get(api('/api/v1/archive/a/coverage'), ({ request }) =>
        HttpResponse.json({
          stream: new URL(request.url).searchParams.get('stream'),
          all: { ...day, missing: [] },
          days: [
            { ...day, day: '2026-11-21', missing: [{ cause: 'camera_unreachable', ms: 60_000 }] },
            { ...day, day: '2026-11-22', missing: [] },
          ],
        }),
      ),
    );
    const filled: unknown[] = [];
    renderPage(
      <CoverageDialog
        camera={camera('a')}
        onGo={nothing}
        onFill={(range) => filled.push(range)}
        onClose={nothing}
      />,
    );
    await userEvent.click(await screen.findByTestId('coverage-fill-2026-11-21'));
    expect(filled).toEqual([
      { from: new Date('2026-11-21T00:00:00').getTime(), to: new Date('2026-11-22T00:00:00').getTime() },
    ]);
    expect(screen.queryByTestId('coverage-fill-2026-11-22')).toBeNull();
  });
});
