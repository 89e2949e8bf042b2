// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { bookmark } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, problem, server, withServer } from '../../../test/server';
import type { BookmarkDraft } from '../../api/bookmarks';
import type { TimelineBookmark } from '../../api/types';
import { BookmarksDialog } from './BookmarksDialog';
import { bookmarkAt } from './timelineData';

withServer();

const AT = Date.parse('2026-11-25T18:00:00.123Z');
const THEFT = bookmark('b1');
const GATE = camera('a', { permissions: ['bookmark', 'view_archive'] });
const nothing = () => {};

function open(to = AT, onGo: (utcMs: number) => void = nothing, onClose: () => void = nothing, of = GATE) {
  renderPage(<BookmarksDialog camera={of} offered={{ from: AT, to }} onGo={onGo} onClose={onClose} />);
}

describe('bookmarks', () => {
  let searches: string[];

  beforeEach(() => {
    searches = [];
    server.use(
      http.get(api('/api/v1/cameras'), () => HttpResponse.json({ items: [GATE] })),
      http.get(api('/api/v1/bookmarks'), ({ request }) => {
        const query = new URL(request.url).searchParams;
        searches.push(`${query.get('cameras')}:${query.get('text')}`);
        return HttpResponse.json({ items: query.get('text') === 'nobody' ? [] : [THEFT] });
      }),
    );
  });

  it('sets one at the moment that is shown', async () => {
    let sent: BookmarkDraft | undefined;
    let closed = false;
    server.use(
      http.post(api('/api/v1/bookmarks'), async ({ request }) => {
        sent = (await request.json()) as BookmarkDraft;
        return HttpResponse.json(THEFT, { status: 201 });
      }),
    );
    open(AT, nothing, () => {
      closed = true;
    });
    expect((screen.getByTestId('bookmark-submit') as HTMLButtonElement).disabled).toBe(true);
    await userEvent.type(screen.getByTestId('bookmark-title'), 'Van');
    await userEvent.type(screen.getByTestId('bookmark-tags'), 'police, , van');
    await userEvent.click(screen.getByTestId('bookmark-submit'));
    await waitFor(() => expect(closed).toBe(true));
    expect(sent).toEqual({
      cameraIds: ['a'],
      from: '2026-11-25T18:00:00.123Z',
      to: '2026-11-25T18:00:00.123Z',
      title: 'Van',
      text: '',
      tags: ['police', 'van'],
    });
  });

  it('takes the stretch that was chosen, and says what the server says', async () => {
    let sent: BookmarkDraft | undefined;
    server.use(
      http.post(api('/api/v1/bookmarks'), async ({ request }) => {
        sent = (await request.json()) as BookmarkDraft;
        return problem(409, 'conflict', 'There are 100000 bookmarks already.');
      }),
    );
    open(AT + 5_000);
    expect((screen.getByTestId('bookmark-stretch') as HTMLInputElement).checked).toBe(true);
    await userEvent.type(screen.getByTestId('bookmark-title'), 'Van');
    await userEvent.click(screen.getByTestId('bookmark-submit'));
    await screen.findByText(/100000 bookmarks/);
    expect(sent?.to).toBe('2026-11-25T18:00:05.123Z');
  });

  it('goes to one, and changes it as it was read', async () => {
    let match: string | null = null;
    let sent: BookmarkDraft | undefined;
    let gone: number | undefined;
    server.use(
      http.patch(api('/api/v1/bookmarks/b1'), async ({ request }) => {
        match = request.headers.get('If-Match');
        sent = (await request.json()) as BookmarkDraft;
        return HttpResponse.json({ ...THEFT, version: 4 });
      }),
    );
    open(AT, (utcMs) => {
      gone = utcMs;
    });
    const line = await screen.findByTestId('bookmark-line');
    expect(line.textContent).toContain('Theft');
    expect(line.textContent).toContain('police');
    expect(line.textContent).toContain('2 cameras');
    await userEvent.click(within(line).getByTestId('bookmark-go'));
    expect(gone).toBe(Date.parse(THEFT.from));

    await userEvent.click(within(line).getByTestId('bookmark-edit'));
    const title = screen.getByTestId('bookmark-title') as HTMLInputElement;
    expect(title.value).toBe('Theft');
    await userEvent.clear(title);
    await userEvent.type(title, 'Nothing');
    await userEvent.click(screen.getByTestId('bookmark-submit'));
    await waitFor(() => expect(sent?.title).toBe('Nothing'));
    expect(match).toBe('"3"');
    expect(sent?.cameraIds).toBeUndefined();
    expect(sent?.to).toBe(THEFT.to);
  });

  it('says that somebody else was faster, and shows what is there now', async () => {
    let version = 3;
    server.use(
      http.get(api('/api/v1/bookmarks'), () =>
        HttpResponse.json({ items: [{ ...THEFT, version, title: version === 3 ? 'Theft' : 'Burglary' }] }),
      ),
      http.patch(api('/api/v1/bookmarks/b1'), () => {
        version = 4;
        return problem(412, 'precondition-failed', 'It was changed in the meantime.');
      }),
    );
    open();
    await userEvent.click(await screen.findByTestId('bookmark-edit'));
    await userEvent.click(screen.getByTestId('bookmark-submit'));
    const told = await screen.findByTestId('bookmark-problem');
    expect(told.textContent).toContain('Somebody else has changed this');
    expect(told.textContent).not.toContain('in the meantime');
    await waitFor(() => expect(screen.getByTestId('bookmark-line').textContent).toContain('Burglary'));
    await userEvent.click(screen.getByTestId('bookmark-edit'));
    expect(screen.getByTestId<HTMLInputElement>('bookmark-title').value).toBe('Burglary');
  });

  it('asks for a moment where what was typed is none', async () => {
    open();
    await userEvent.clear(screen.getByTestId('bookmark-at'));
    await userEvent.click(screen.getByTestId('bookmark-stretch'));
    expect(screen.getByTestId<HTMLInputElement>('bookmark-from').value).toBe('');
    expect(screen.getByTestId<HTMLInputElement>('bookmark-to').value).toBe('');
  });

  it('removes one only when told twice, and only what may be changed', async () => {
    const removed: string[] = [];
    server.use(
      http.delete(api('/api/v1/bookmarks/:id'), ({ params, request }) => {
        removed.push(`${params.id} ${request.headers.get('If-Match')}`);
        return new HttpResponse(null, { status: 204 });
      }),
    );
    open();
    await userEvent.click(await screen.findByTestId('bookmark-remove'));
    expect(removed).toEqual([]);
    await userEvent.click(screen.getByText('Remove for good?'));
    await waitFor(() => expect(removed).toEqual(['b1 "3"']));
  });

  it('shows who may set none what there is, and finds by words', async () => {
    server.use(
      http.get(api('/api/v1/bookmarks'), ({ request }) => {
        const text = new URL(request.url).searchParams.get('text') ?? '';
        searches.push(text);
        return HttpResponse.json({ items: text === 'nobody' ? [] : [{ ...THEFT, editable: false }] });
      }),
    );
    open(AT, nothing, nothing, camera('a', { permissions: ['view_archive'] }));
    await screen.findByTestId('bookmark-line');
    expect(screen.queryByTestId('bookmark-form')).toBeNull();
    expect(screen.queryByTestId('bookmark-edit')).toBeNull();
    await userEvent.type(screen.getByTestId('bookmark-search'), 'nobody');
    await screen.findByText('No bookmark has all these words.');
    expect(searches.at(-1)).toBe('nobody');
  });
});

describe('marks on the timeline', () => {
  const mark = (id: string, start: number, end?: number): TimelineBookmark => ({
    id,
    cameraIds: ['a'],
    start,
    end,
    title: id,
  });

  it('are found give or take, the one that begins nearest first', () => {
    const marks = [mark('long', 1_000, 9_000), mark('moment', 5_000)];
    expect(bookmarkAt(marks, 4_950, 100)?.id).toBe('moment');
    expect(bookmarkAt(marks, 2_000, 100)?.id).toBe('long');
    expect(bookmarkAt(marks, 9_050, 100)?.id).toBe('long');
    expect(bookmarkAt(marks, 9_200, 100)).toBeUndefined();
    expect(bookmarkAt([], 0, 100)).toBeUndefined();
  });
});
