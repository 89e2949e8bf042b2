// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { lock } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, problem, server, withServer } from '../../../test/server';
import type { LockDraft } from '../../api/evidence';
import { dateTimeOf, dateTimeText } from '../../ui/time';
import { CoverageDialog } from './CoverageDialog';
import { EvidenceDialog } from './EvidenceDialog';

withServer();

const OFFERED = { from: Date.parse('2026-11-25T18:00:00.123Z'), to: Date.parse('2026-11-25T18:30:00.000Z') };
const LOCK = lock('l1');
const nothing = () => {};

function open(onGo: (utcMs: number) => void = nothing, onClose: () => void = nothing) {
  renderPage(
    <EvidenceDialog camera={camera('a')} offered={OFFERED} locks={[LOCK]} onGo={onGo} onClose={onClose} />,
  );
}

describe('evidence', () => {
  it('locks exactly what was chosen, with a reason', async () => {
    let sent: LockDraft | undefined;
    let closed = false;
    server.use(
      http.post(api('/api/v1/locks'), async ({ request }) => {
        sent = (await request.json()) as LockDraft;
        return HttpResponse.json(LOCK, { status: 201 });
      }),
    );
    open(nothing, () => {
      closed = true;
    });
    await userEvent.type(screen.getByTestId('lock-reason'), 'case 18');
    await userEvent.click(screen.getByTestId('lock-submit'));
    await waitFor(() => expect(closed).toBe(true));
    expect(sent).toEqual({
      cameraIds: ['a'],
      from: '2026-11-25T18:00:00.123Z',
      to: '2026-11-25T18:30:00.000Z',
      reason: 'case 18',
    });
  });

  it('takes typed times, and none in the wrong order', async () => {
    let sent: LockDraft | undefined;
    server.use(
      http.post(api('/api/v1/locks'), async ({ request }) => {
        sent = (await request.json()) as LockDraft;
        return problem(503, 'unavailable', 'The lock could not be written down, so it does not hold.');
      }),
    );
    open();
    const to = screen.getByTestId('lock-to');
    await userEvent.clear(to);
    await userEvent.type(to, '2026-11-20 10:00:00');
    expect((screen.getByTestId('lock-submit') as HTMLButtonElement).disabled).toBe(true);
    expect(screen.getByText('The end must be later than the beginning.')).toBeTruthy();
    await userEvent.clear(to);
    await userEvent.type(to, '2026-11-26 10:00');
    await userEvent.click(screen.getByTestId('lock-submit'));
    await screen.findByText(/it does not hold/);
    expect(sent?.to).toBe(new Date(dateTimeOf('2026-11-26 10:00:00') ?? 0).toISOString());
  });

  it('shows 24 hours by clocks that are named, and steps the part at the caret by the arrow keys', async () => {
    open();
    const from = screen.getByTestId('lock-from') as HTMLInputElement;
    expect(from.value).toBe(dateTimeText(OFFERED.from));
    expect(screen.getAllByText(new RegExp(Intl.DateTimeFormat().resolvedOptions().timeZone))).toHaveLength(2);
    await userEvent.click(from);
    from.setSelectionRange(12, 12);
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    expect(from.value).toBe(dateTimeText(OFFERED.from - 2 * 3_600_000));
    expect(from.selectionStart).toBe(12);
    await userEvent.clear(from);
    await userEvent.type(from, '2026-02-30 10:00');
    expect(screen.getByText('There is no such moment.')).toBeTruthy();
    expect((screen.getByTestId('lock-submit') as HTMLButtonElement).disabled).toBe(true);
  });

  it('goes to what is held, and unlocks only when told twice', async () => {
    const removed: string[] = [];
    server.use(
      http.delete(api('/api/v1/locks/:id'), ({ params }) => {
        removed.push(String(params.id));
        return new HttpResponse(null, { status: 204 });
      }),
    );
    let gone: number | undefined;
    open((utcMs) => {
      gone = utcMs;
    });
    expect(screen.getByTestId('lock-line').textContent).toContain('case 17');
    expect(screen.getByTestId('lock-line').textContent).toContain('2 cameras');
    await userEvent.click(screen.getByText('Go to'));
    expect(gone).toBe(Date.parse(LOCK.from));
    await userEvent.click(screen.getByTestId('unlock'));
    expect(removed).toEqual([]);
    await userEvent.click(screen.getByText('Unlock for good?'));
    await waitFor(() => expect(removed).toEqual(['l1']));
  });
});

describe('coverage', () => {
  it('tells each day in per cent with its causes, newest first, by the clocks of the browser', async () => {
    let asked: URLSearchParams | undefined;
    server.use(
      http.get(api('/api/v1/archive/a/coverage'), ({ request }) => {
        const stream = new URL(request.url).searchParams.get('stream');
        asked = new URL(request.url).searchParams;
        const day = (name: string, percent: number) => ({
          day: name,
          totalMs: 86_400_000,
          coveredMs: 86_340_000,
          percent,
          missing: [{ cause: 'camera_unreachable', ms: 60_000 }],
        });
        return HttpResponse.json({
          stream,
          all: { totalMs: 172_800_000, coveredMs: 172_680_000, percent: 99.93, missing: [] },
          days: stream === 'main' ? [day('2026-11-21', 99.93), day('2026-11-22', 50)] : [],
        });
      }),
    );
    renderPage(<CoverageDialog camera={camera('a')} onGo={nothing} onClose={nothing} />);
    const rows = (await screen.findByTestId('coverage-table')).querySelectorAll('tbody tr');
    expect(rows.length).toBe(3);
    expect(rows[0]?.textContent).toContain('50.00%');
    expect(rows[0]?.textContent).toContain('camera unreachable: 1 min 00 s');
    expect(rows[2]?.textContent).toContain('All days');
    expect(asked?.get('zone')).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
    const span = Number(asked?.get('to')) - Number(asked?.get('from'));
    expect(span).toBeGreaterThan(6 * 86_400_000 - 3_600_000);
    expect(span).toBeLessThan(7 * 86_400_000 + 3_600_000);
    expect(screen.queryByTestId('coverage-stream'), 'nothing is known of another stream').toBeNull();
  });

  it('is told of each stream of which anything is known', async () => {
    let streams = ['sub'];
    server.use(
      http.get(api('/api/v1/archive/a/coverage'), ({ request }) => {
        const stream = new URL(request.url).searchParams.get('stream') ?? '';
        const percent = stream === 'sub' ? 100 : 25;
        const day = { totalMs: 4_000, coveredMs: 40 * percent, percent, missing: [] };
        const days = streams.includes(stream) ? [{ ...day, day: '2026-11-22' }] : [];
        return HttpResponse.json({ stream, all: day, days });
      }),
    );
    const dialog = <CoverageDialog camera={camera('a')} onGo={nothing} onClose={nothing} />;
    const { unmount } = renderPage(dialog);
    expect((await screen.findByTestId('coverage-table')).textContent).toContain('100.00%');
    unmount();
    streams = ['main', 'sub'];
    renderPage(dialog);
    expect((await screen.findByTestId('coverage-table')).textContent).toContain('25.00%');
    await userEvent.click(screen.getByRole('radio', { name: 'sub stream' }));
    expect(screen.getByTestId('coverage-table').textContent).toContain('100.00%');
  });
});
