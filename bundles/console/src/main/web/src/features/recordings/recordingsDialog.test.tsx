// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, server, withServer } from '../../../test/server';
import { serverClock } from '../../api/serverClock';
import type { Gap, Segment } from '../../api/types';
import { RecordingsDialog } from './RecordingsDialog';

withServer();

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse('2026-11-25T18:00:00Z');
/** What fits into the height that tests have, and some beyond. */
const LINES_MAX = 40;

let files: Segment[];
let gaps: Gap[];
let asked: string[];
let played: number[];

const file = (startMs: number, extra: Partial<Segment> = {}) =>
  ({
    id: `s${startMs}`,
    startMs,
    durationMs: MINUTE,
    bytes: 1024 * 1024,
    open: false,
    ...extra,
  }) as Segment;

beforeEach(() => {
  vi.spyOn(serverClock, 'now').mockReturnValue(NOW);
  files = [];
  gaps = [];
  asked = [];
  played = [];
  const overlapping = (url: string) => {
    const query = new URL(url).searchParams;
    const [from, to] = [Number(query.get('from')), Number(query.get('to'))];
    return {
      query,
      found: files.filter(({ startMs, durationMs }) => startMs < to && startMs + durationMs > from),
      reach: (gap: Gap) => gap.start < to && (gap.end ?? NOW) > from,
    };
  };
  server.use(
    http.get(api('/api/v1/timeline'), ({ request }) => {
      const { query, found, reach } = overlapping(request.url);
      return HttpResponse.json({
        from: new Date(Number(query.get('from'))).toISOString(),
        to: new Date(Number(query.get('to'))).toISOString(),
        bucketMs: 1,
        bookmarks: [],
        bookmarksLeftOut: false,
        cameras: [
          {
            cameraId: 'a',
            spans: found.map(({ startMs, durationMs }) => [startMs, startMs + durationMs]),
            gaps: gaps.filter(reach),
            first: files[0]?.startMs,
            last: files.at(-1) && (files.at(-1)?.startMs ?? 0) + MINUTE,
          },
        ],
      });
    }),
    http.get(api('/api/v1/archive/a/segments'), ({ request }) => {
      const { query, found } = overlapping(request.url);
      asked.push(query.get('cursor') ?? 'first');
      // Two pages of it.
      const half = Math.ceil(found.length / 2);
      const second = query.get('cursor') === 'half';
      return HttpResponse.json({
        items: second ? found.slice(half) : found.slice(0, half),
        ...(second || found.length < 2 ? {} : { nextCursor: 'half' }),
      });
    }),
  );
});

function open(position = NOW - MINUTE) {
  renderPage(
    <RecordingsDialog
      camera={{ id: 'a', name: 'Gate' }}
      position={() => position}
      onPlay={(utcMs) => played.push(utcMs)}
      onClose={() => undefined}
    />,
  );
}

describe('the list of recordings', () => {
  it('has beginning, end, length, size and why something is missing between, and plays one by a click', async () => {
    files = [
      file(NOW - 30 * MINUTE),
      file(NOW - 29 * MINUTE),
      file(NOW - 10 * MINUTE, { durationMs: 10 * MINUTE, open: true }),
    ];
    gaps = [{ start: NOW - 28 * MINUTE, end: NOW - 10 * MINUTE, cause: 'camera_unreachable' }];
    open();
    const newest = await screen.findByTestId('recording-1');
    expect(newest.textContent).toContain('goes on');
    expect(newest.textContent).toContain('10 min 00 s · 1.0 MiB');
    expect(newest.textContent).toContain('18 min 00 s missing before it: camera unreachable');
    const older = screen.getByTestId('recording-2');
    expect(older.textContent).toMatch(/\d\d:30:00 – .*\d\d:32:00/);
    expect(older.textContent).toContain('2 min 00 s · 2.0 MiB');
    expect(older.textContent).not.toContain('missing');
    expect(screen.getByTestId('recordings-sum').textContent).toContain('2 recordings');
    expect(asked, 'all pages of files').toEqual(['first', 'half']);
    await userEvent.click(older);
    expect(played).toEqual([NOW - 30 * MINUTE]);
  });

  it('begins where it is played, and goes by keys', async () => {
    files = Array.from({ length: 5 }, (_, n) => file(NOW - (50 - 10 * n) * MINUTE));
    open(NOW - 29 * MINUTE);
    const list = await screen.findByTestId('recordings');
    const active = () => list.getAttribute('aria-activedescendant');
    expect(document.activeElement).toBe(list);
    expect(active()).toBe(`recording-${NOW - 30 * MINUTE}`);
    expect(screen.getByTestId('recording-3').dataset.current).toBe('true');
    await userEvent.keyboard('{ArrowDown}');
    expect(active()).toBe(`recording-${NOW - 40 * MINUTE}`);
    await userEvent.keyboard('{Enter}');
    await userEvent.keyboard('{Home}{Enter}{End}{Enter}{ArrowDown}{Enter}{ArrowUp} ');
    expect(played.map((utcMs) => (NOW - utcMs) / MINUTE)).toEqual([40, 10, 50, 50, 40]);
  });

  it('of a thousand has only the lines in view', async () => {
    files = Array.from({ length: 1_000 }, (_, n) => file(NOW - (1_400 - n) * MINUTE, { durationMs: 30_000 }));
    open();
    const list = await screen.findByTestId('recordings');
    expect(list.dataset.count).toBe('1000');
    expect(screen.getAllByRole('option').length).toBeLessThan(LINES_MAX);
    expect(screen.getAllByRole('option')[0]?.getAttribute('aria-setsize')).toBe('1000');
  });

  it('goes back to the day with footage before, however long ago, and to the newest', async () => {
    files = [
      file(NOW - 20 * DAY),
      file(NOW - 12 * DAY - 2 * MINUTE),
      file(NOW - 12 * DAY - MINUTE),
      file(NOW - MINUTE),
    ];
    gaps = [{ start: NOW - 12 * DAY, end: NOW - MINUTE, cause: 'server_down' }];
    open();
    await screen.findByTestId('recording-1');
    expect(screen.queryByTestId('recording-2')).toBeNull();
    await userEvent.click(screen.getByTestId('recordings-earlier'));
    expect((await screen.findByTestId('recording-2')).textContent).toContain('2 min 00 s');
    expect(screen.getByTestId('recording-1').textContent).toContain('missing before it: server was down');
    await userEvent.click(screen.getByTestId('recordings-earlier'));
    await screen.findByTestId('recording-3');
    await waitFor(() => expect(screen.queryByTestId('recordings-earlier')).toBeNull());
  });

  it('says since when nothing is recorded, and that there is nothing at all', async () => {
    files = [file(NOW - 30 * MINUTE)];
    gaps = [{ start: NOW - 29 * MINUTE, cause: 'disk_full' }];
    open();
    expect((await screen.findByTestId('recordings-standing')).textContent).toContain('storage full');
  });

  it('of an earlier day leads to the newest, too', async () => {
    files = [file(NOW - 5 * DAY), file(NOW - MINUTE)];
    open(NOW - 5 * DAY + 1_000);
    expect((await screen.findByTestId('recording-1')).dataset.current).toBe('true');
    await userEvent.click(screen.getByTestId('recordings-newest'));
    await waitFor(() => expect(screen.getByTestId('recordings-sum').textContent).toContain('1 recording '));
    expect(await screen.findByTestId('recordings-earlier')).toBeTruthy();
  });

  it('says that nothing is recorded', async () => {
    open();
    expect(await screen.findByText('Nothing is recorded.')).toBeTruthy();
  });
});
