// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { useLocation } from 'react-router';
import { beforeEach, describe, expect, it } from 'vitest';
import { bookmark, lock } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, problem, server, userWith, withServer } from '../../../test/server';
import type { BookmarkDraft } from '../../api/bookmarks';
import type { EvidenceLock, LockDraft } from '../../api/evidence';
import { useSession } from '../../api/session';
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

/** Where the page has gone. */
function Address() {
  const { pathname, search } = useLocation();
  return <output data-testid="address">{`${pathname}${search}`}</output>;
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

describe('the footage of a bookmark', () => {
  const ALL = ['bookmark', 'view_archive', 'export', 'lock_evidence'];
  const OWNED = camera('a', { name: 'Gate', permissions: ALL });
  let locks: EvidenceLock[];
  let held: LockDraft[];

  beforeEach(() => {
    useSession.setState({ phase: 'active', user: userWith('administrator') });
    locks = [];
    held = [];
    server.use(
      http.get(api('/api/v1/cameras'), () =>
        HttpResponse.json({ items: [OWNED, camera('b', { permissions: ALL }), camera('c')] }),
      ),
      http.get(api('/api/v1/bookmarks'), () => HttpResponse.json({ items: [THEFT] })),
      http.get(api('/api/v1/locks'), () => HttpResponse.json({ items: locks })),
      http.post(api('/api/v1/locks'), async ({ request }) => {
        const draft = (await request.json()) as LockDraft;
        held.push(draft);
        const one = lock('l1', draft);
        locks = [one];
        return HttpResponse.json(one, { status: 201 });
      }),
    );
  });

  it('of all cameras are found too, each with the names of its cameras, and gone to where they are', async () => {
    const yard = bookmark('b2', { cameraIds: ['b', 'c'], title: 'Fire' });
    let gone = false;
    let closed = false;
    server.use(
      http.get(api('/api/v1/cameras'), () =>
        HttpResponse.json({ items: [GATE, camera('b', { name: 'Yard' }), camera('c', { name: 'Hall' })] }),
      ),
      http.get(api('/api/v1/bookmarks'), ({ request }) =>
        HttpResponse.json({ items: new URL(request.url).searchParams.has('cameras') ? [THEFT] : [yard] }),
      ),
    );
    renderPage(
      <>
        <BookmarksDialog
          camera={GATE}
          offered={{ from: AT, to: AT }}
          onGo={() => {
            gone = true;
          }}
          onClose={() => {
            closed = true;
          }}
        />
        <Address />
      </>,
    );
    expect((await screen.findByTestId('bookmark-line')).textContent).toContain('Theft');
    expect(screen.queryByTestId('bookmark-of')).toBeNull();
    await userEvent.click(screen.getByTestId('bookmark-all'));
    await waitFor(() => expect(screen.getByTestId('bookmark-line').textContent).toContain('Fire'));
    await waitFor(() => expect(screen.getByTestId('bookmark-of').textContent).toBe('Yard, Hall'));
    await userEvent.click(screen.getByTestId('bookmark-go'));
    expect({ gone, closed }).toEqual({ gone: false, closed: true });
    const moment = encodeURIComponent(new Date(yard.from).toISOString());
    expect(screen.getByTestId('address').textContent).toBe(`/playback?cameras=b,c&t=${moment}`);
  });

  it('is exported from its line, the cameras and the time filled in', async () => {
    open(AT, nothing, nothing, OWNED);
    await userEvent.click(await screen.findByTestId('bookmark-export'));
    const form = within(await screen.findByTestId('export-form'));
    expect((form.getByTestId('export-from') as HTMLInputElement).value).toBe('2026-11-24 10:00:00');
    expect((form.getByTestId('export-to') as HTMLInputElement).value).toBe('2026-11-24 10:01:00');
    await form.findByText('Gate');
    expect(form.getByText('Camera b')).toBeTruthy();
  });

  it('is protected from deletion from its line, which then says so', async () => {
    open(AT, nothing, nothing, OWNED);
    expect(screen.queryByTestId('bookmark-protected')).toBeNull();
    await userEvent.click(await screen.findByTestId('bookmark-protect'));
    expect((await screen.findByTestId('bookmark-protected')).textContent).toContain(
      'protected from deletion',
    );
    expect(held).toEqual([
      {
        cameraIds: ['a', 'b'],
        from: '2026-11-24T10:00:00.000Z',
        to: '2026-11-24T10:01:00.000Z',
        reason: 'Theft',
      },
    ]);
    expect(screen.queryByTestId('bookmark-protect')).toBeNull();
  });

  it('is not said to be protected where one of its cameras is not, or a part', async () => {
    locks = [
      lock('l1', { cameraIds: ['a'] }),
      lock('l2', { cameraIds: ['b'], to: '2026-11-24T10:00:30.000Z' }),
    ];
    open(AT, nothing, nothing, OWNED);
    await screen.findByTestId('bookmark-protect');
    expect(screen.queryByTestId('bookmark-protected')).toBeNull();
  });

  it('is protected as the bookmark is set, once, and by itself again where only that failed', async () => {
    const set: string[] = [];
    let closed = false;
    let refused = true;
    server.use(
      http.post(api('/api/v1/bookmarks'), () => {
        set.push('POST');
        return HttpResponse.json(bookmark('new', { version: 1 }), { status: 201 });
      }),
      http.patch(api('/api/v1/bookmarks/new'), () => {
        set.push('PATCH');
        return HttpResponse.json(bookmark('new', { version: 2 }));
      }),
      http.post(api('/api/v1/locks'), async ({ request }) => {
        if (refused) {
          return problem(409, 'conflict', 'There are 10000 locks already.');
        }
        held.push((await request.json()) as LockDraft);
        return HttpResponse.json(lock('l1'), { status: 201 });
      }),
    );
    open(
      AT,
      nothing,
      () => {
        closed = true;
      },
      OWNED,
    );
    await userEvent.type(screen.getByTestId('bookmark-title'), 'Van');
    await userEvent.click(await screen.findByTestId('bookmark-form-protect'));
    await userEvent.click(screen.getByTestId('bookmark-submit'));
    expect((await screen.findByTestId('bookmark-problem')).textContent).toMatch(
      /its footage is not protected.*10000 locks/,
    );
    refused = false;
    await userEvent.click(screen.getByTestId('bookmark-submit'));
    await waitFor(() => expect(closed).toBe(true));
    expect(set).toEqual(['POST', 'PATCH']);
    // Of a moment the minute before and after.
    expect(held).toEqual([
      { cameraIds: ['a'], from: '2026-11-25T17:59:00.123Z', to: expect.any(String), reason: 'Van' },
    ]);
  });

  it('is neither exported nor protected by who has no right to', async () => {
    useSession.setState({ phase: 'active', user: userWith('viewer') });
    const seen: string[] = [];
    server.use(
      http.get(api('/api/v1/cameras'), () => HttpResponse.json({ items: [GATE, camera('b')] })),
      http.get(api('/api/v1/locks'), () => {
        seen.push('locks');
        return problem(403, 'forbidden', '');
      }),
    );
    open();
    const line = within(await screen.findByTestId('bookmark-line'));
    expect(line.queryByTestId('bookmark-export')).toBeNull();
    expect(line.queryByTestId('bookmark-protect')).toBeNull();
    expect(screen.queryByTestId('bookmark-form-protect')).toBeNull();
    expect(seen).toEqual([]);
  });
});

describe('tags', () => {
  it('are offered as they are typed, those in use the most first', async () => {
    useSession.setState({ phase: 'active', user: userWith('operator') });
    server.use(
      http.get(api('/api/v1/cameras'), () => HttpResponse.json({ items: [GATE] })),
      http.get(api('/api/v1/bookmarks'), () =>
        HttpResponse.json({
          items: [
            bookmark('1', { tags: ['parcel'] }),
            bookmark('2', { tags: ['police', 'van'] }),
            bookmark('3', { tags: ['police'] }),
          ],
        }),
      ),
    );
    open();
    await screen.findAllByTestId('bookmark-line');
    await userEvent.type(screen.getByTestId('bookmark-tags'), 'p');
    expect((await screen.findAllByRole('option')).map(({ textContent }) => textContent)).toEqual([
      'police',
      'parcel',
    ]);
    await userEvent.click(screen.getByRole('option', { name: 'police' }));
    expect(within(screen.getByTestId('bookmark-form')).getByText('police')).toBeTruthy();
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
