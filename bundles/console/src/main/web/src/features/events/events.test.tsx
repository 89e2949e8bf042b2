// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { event } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, listing, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import type { EventItem } from '../../api/types';
import { dateTimeText } from '../../ui/time';
import { EventList } from './EventList';
import { EventsPage } from './EventsPage';
import { groupEvents } from './group';

withServer();

/** The browser's EventSource; what the server says is said by the test. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static opened: Stream[] = [];
  readyState = 1;
  constructor(readonly url: string) {
    super();
    Stream.opened.push(this);
  }
  close() {
    this.readyState = Stream.CLOSED;
  }
  say(type: string, id: number, data: unknown) {
    act(() => {
      this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId: String(id) }));
    });
  }
}

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('viewer') });
  Stream.opened = [];
  vi.stubGlobal('EventSource', Stream);
});
afterEach(() => vi.unstubAllGlobals());

/** Of no camera there is footage. */
const EMPTY = (cameraId: string) => ({ cameras: [{ cameraId, spans: [], gaps: [] }], bookmarks: [] });

function serve(items: EventItem[], asked: string[] = [], nextCursor?: string) {
  server.use(
    http.get(api('/api/v1/timeline'), ({ request }) =>
      HttpResponse.json(EMPTY(new URL(request.url).searchParams.get('cameras') ?? '')),
    ),
    ...listing([camera('a')]),
    http.get(api('/api/v1/events/kinds'), () =>
      HttpResponse.json({
        items: [{ kind: 'acme.door', form: 'pulse', severity: 'info', title: 'Door opened' }],
      }),
    ),
    http.get(api('/api/v1/events'), ({ request }) => {
      const search = new URL(request.url).searchParams;
      asked.push(search.toString());
      return HttpResponse.json(
        search.has('cursor')
          ? { items: [event('old', 1, { start: '2026-11-01T00:00:00.000Z' })] }
          : { items, nextCursor },
      );
    }),
  );
}

const numbered = (n: number) =>
  event(`n${String(n).padStart(5, '0')}`, 1, {
    kind: 'acme.door',
    attributes: {},
    start: new Date(Date.UTC(2026, 10, 25) - n * 1000).toISOString(),
  });

function scrollTo(top: number) {
  const scroller = screen.getByTestId('events-scroller');
  scroller.scrollTop = top;
  fireEvent.scroll(scroller);
}

describe('a list of 100 000 events', () => {
  const rows = () => screen.getAllByRole('row').length;
  const MANY = Array.from({ length: 100_000 }, (_, n) => numbered(n));

  beforeEach(() => {
    serve([]);
    renderPage(<EventList events={MANY} cameras={[]} kinds={[]} complete />);
  });

  it('has less than 80 rows in the document, wherever one is, and says which of how many', () => {
    expect(screen.getByTestId('events-table').getAttribute('aria-rowcount')).toBe('100001');
    for (const n of [0, 50_000, 99_990]) {
      scrollTo(n * 60);
      const row = screen.getByTestId(`event-n${String(n).padStart(5, '0')}`);
      expect(row.getAttribute('aria-rowindex')).toBe(String(n + 2));
      expect(rows()).toBeLessThan(80);
    }
  });

  it('is walked by keyboard from row to row, to its end and back', async () => {
    await userEvent.tab();
    expect(document.activeElement).toBe(screen.getByTestId('event-n00000'));
    await userEvent.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(screen.getByTestId('event-n00001'));
    await userEvent.keyboard('{PageDown}');
    expect(document.activeElement).toBe(screen.getByTestId('event-n00011'));
    // Of all rows one is reached by Tab.
    expect(screen.getAllByRole('row').filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    // What one stands on stays, wherever others scroll.
    scrollTo(50_000 * 60);
    expect(document.activeElement).toBe(screen.getByTestId('event-n00011'));
    await userEvent.keyboard('{Home}');
    scrollTo(0);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('event-n00000')));
  });
});

describe('the picture of an event', () => {
  const START = Date.parse('2026-11-25T12:00:00.000Z');
  let spans: [number, number][];
  let questions: URLSearchParams[];

  beforeEach(() => {
    spans = [[START - 1_000, START + 3_000]];
    questions = [];
    serve([
      event('g', 5),
      event('h', 4, { start: '2026-11-25T11:00:00.000Z', kind: 'acme.door', attributes: {} }),
    ]);
    server.use(
      http.get(api('/api/v1/timeline'), ({ request }) => {
        const query = new URL(request.url).searchParams;
        questions.push(query);
        const mine = Number(query.get('from')) > START - 10_000 ? spans : [];
        return HttpResponse.json({ cameras: [{ cameraId: 'a', spans: mine, gaps: [] }], bookmarks: [] });
      }),
    );
  });

  const imagesOf = (testId: string) => [...screen.getByTestId(testId).querySelectorAll('img')];
  /** As the browser says when it has them, one after the other. */
  async function load(testId: string, count: number) {
    for (let n = 0; n < count; n++) {
      await waitFor(() => expect(imagesOf(testId).length).toBeGreaterThan(n));
      fireEvent.load(imagesOf(testId)[n] as HTMLElement);
    }
  }

  it('is there where there is footage, and asked for nowhere else', async () => {
    renderPage(<EventsPage />);
    // Its place is there before, so that nothing moves.
    await screen.findByTestId('event-place-g');
    await screen.findByTestId('event-picture-g');
    expect(screen.queryByTestId('event-place-g')).toBeNull();
    const [image] = imagesOf('event-picture-g');
    expect(image?.getAttribute('src')).toBe(
      `/media/v1/archive/a/thumbnail.jpg?at=${START}&width=160&stream=auto`,
    );
    fireEvent.load(image as HTMLElement);
    await waitFor(() => expect(questions).toHaveLength(2));
    expect(screen.queryByTestId('event-picture-h')).toBeNull();
    screen.getByTestId('event-place-h');
  });

  it('plays under the pointer or with the focus, of all of them one', async () => {
    spans = [[0, START + 60_000]];
    server.use(
      http.get(api('/api/v1/timeline'), () =>
        HttpResponse.json({ cameras: [{ cameraId: 'a', spans, gaps: [] }], bookmarks: [] }),
      ),
    );
    renderPage(<EventsPage />);
    const first = await screen.findByTestId('event-picture-g');
    fireEvent.load(imagesOf('event-picture-g')[0] as HTMLElement);
    const second = await screen.findByTestId('event-picture-h');
    expect(first.getAttribute('aria-label')).toBe('Show Footage is missing, Camera a');
    await userEvent.hover(first);
    await screen.findByTestId('event-preview');
    await load('event-preview', 3);
    expect(imagesOf('event-preview')[0]?.getAttribute('src')).toContain(`at=${START - 2_000}&width=320`);
    // One picture is asked for at a time: there are three, and the fourth is under way.
    expect(imagesOf('event-preview')).toHaveLength(4);
    await waitFor(() =>
      expect(Number(screen.getByTestId('event-preview').dataset.at)).toBeGreaterThan(START - 2_000),
    );
    act(() => second.focus());
    await waitFor(() =>
      expect(imagesOf('event-preview')[0]?.getAttribute('src')).not.toContain(String(START - 2_000)),
    );
    expect(screen.getAllByTestId('event-preview')).toHaveLength(1);
    act(() => second.blur());
    await waitFor(() => expect(screen.queryByTestId('event-preview')).toBeNull());
  });

  it('stands still where people want no motion', async () => {
    vi.spyOn(window, 'matchMedia').mockImplementation(
      (media) =>
        ({
          matches: media.includes('prefers-reduced-motion'),
          media,
          addEventListener: () => undefined,
          removeEventListener: () => undefined,
        }) as unknown as MediaQueryList,
    );
    renderPage(<EventsPage />);
    await userEvent.hover(await screen.findByTestId('event-picture-g'));
    await waitFor(() => {
      expect(imagesOf('event-preview').map((image) => image.getAttribute('src'))).toEqual([
        `/media/v1/archive/a/thumbnail.jpg?at=${START}&width=320&stream=auto`,
      ]);
    });
    fireEvent.load(imagesOf('event-preview')[0] as HTMLElement);
    expect(imagesOf('event-preview')).toHaveLength(1);
  });

  it('is not there for who may not see footage', async () => {
    serve([event('g', 5), event('i', 4, { cameraId: 'b', start: '2026-11-25T11:59:59.000Z' })]);
    server.use(
      ...listing([camera('a', { permissions: ['view_events'] }), camera('b')]),
      http.get(api('/api/v1/timeline'), ({ request }) => {
        questions.push(new URL(request.url).searchParams);
        return HttpResponse.json(EMPTY('b'));
      }),
    );
    renderPage(<EventsPage />);
    await waitFor(() => expect(questions).toHaveLength(1));
    // The row above has had its turn by then.
    expect(questions[0]?.get('cameras')).toBe('b');
  });
});

describe('events page', () => {
  it('says what happened, where, why and for how long, with a way to the moment', async () => {
    serve([
      event('g', 5, { end: '2026-11-25T12:00:12.000Z', endReason: 'over' }),
      event('d', 4, {
        kind: 'acme.door',
        severity: 'info',
        form: 'pulse',
        attributes: {},
        start: '2026-11-25T11:00:00.000Z',
      }),
    ]);
    renderPage(<EventsPage />);
    const row = within(await screen.findByTestId('event-g'));
    expect(row.getByText('Footage is missing')).toBeTruthy();
    expect(row.getByText('camera unreachable')).toBeTruthy();
    expect(row.getByText('12 s')).toBeTruthy();
    const link = row.getByTestId('event-moment-g');
    await waitFor(() => expect(link.textContent).toBe('Camera a'));
    expect(link.getAttribute('href')).toBe('/playback/a?t=2026-11-25T11:59:55.000Z&play');
    await waitFor(() => expect(within(screen.getByTestId('event-d')).getByText('Door opened')).toBeTruthy());
  });

  it('has the server look for words, answer after answer, until all of the time was searched', async () => {
    const asked: URLSearchParams[] = [];
    serve([event('g', 5)]);
    server.use(
      http.get(api('/api/v1/events'), ({ request }) => {
        const search = new URL(request.url).searchParams;
        asked.push(search);
        if (!search.has('text')) {
          return HttpResponse.json({ items: [event('g', 5)], nextCursor: 'older' });
        }
        // The first answer has read much and found nothing.
        return HttpResponse.json(
          search.has('cursor')
            ? {
                items: [
                  event('d', 4, { kind: 'acme.door', form: 'pulse', detail: 'By Anna', attributes: {} }),
                ],
              }
            : { items: [], nextCursor: 'behind' },
        );
      }),
    );
    renderPage(<EventsPage />);
    await screen.findByTestId('event-g');
    expect(screen.queryByTestId('events-searched')).toBeNull();
    await userEvent.click(screen.getByTestId('events-text'));
    await userEvent.paste('DOOR anna');
    await screen.findByTestId('event-d');
    expect(screen.queryByTestId('event-g')).toBeNull();
    await waitFor(() => expect(screen.queryByTestId('events-searched')).toBeNull());
    const searches = asked.filter((search) => search.has('text'));
    expect(searches.map((search) => search.get('cursor'))).toEqual([null, 'behind']);
    expect(searches[0]?.get('text')).toBe('door|acme.door anna');

    // What happens meanwhile is among it where it has the words.
    const stream = Stream.opened.at(-1) as Stream;
    expect(stream.url).not.toContain('text');
    stream.say('event', 9, event('n', 9, { detail: 'Something else' }));
    stream.say('event', 10, event('m', 10, { kind: 'acme.door', detail: 'Anna again', attributes: {} }));
    expect(screen.getByTestId('event-m')).toBeTruthy();
    expect(screen.queryByTestId('event-n')).toBeNull();
  });

  it('says that nothing has the words once all was searched', async () => {
    serve([]);
    renderPage(<EventsPage />, '/events?text=nobody');
    await waitFor(() =>
      expect(screen.getByTestId('events-none').textContent).toBe('No event of this time has these words.'),
    );
  });

  it('names who it comes from: integrations by their name, nobody by a number', async () => {
    const user = '43aa8f2d-eebc-4f97-82d9-b6b4c0ffee00';
    const from = (id: string, type: string, name?: string) =>
      event(id, 1, {
        kind: 'acme.door',
        cameraId: undefined,
        correlationId: id,
        source: { type, id: type === 'user' ? user : `${type}-1` },
        attributes: name ? { name } : {},
      });
    const gone = event('g', 1, {
      kind: 'acme.door',
      cameraId: user,
      source: { type: 'camera', id: user },
      attributes: {},
    });
    serve([from('i', 'integration'), from('u', 'user', 'anna'), gone]);
    renderPage(<EventsPage />);
    expect((await screen.findByTestId('event-i')).textContent).toContain('Integrationintegration-1');
    const changed = screen.getByTestId('event-u').textContent;
    expect(changed).toContain('annaUser');
    expect(changed).not.toContain(user);
    // Of a camera that is not there any more.
    expect(screen.getByTestId('event-moment-g').textContent).toBe('Camera');
  });

  it('goes on by itself: a state begins, then ends, in one line', async () => {
    serve([]);
    renderPage(<EventsPage />);
    await screen.findByTestId('events-none');
    const stream = Stream.opened[0] as Stream;
    stream.say('open', 7, { sequence: 7 });
    expect(screen.getByTestId('events-live').dataset.live).toBe('true');
    stream.say('event', 8, event('g', 8));
    expect(screen.getByTestId('event-g').dataset.lasts).toBe('true');
    stream.say('event', 9, event('g', 9, { end: '2026-11-25T12:01:00.000Z', endReason: 'lapsed' }));
    expect(screen.getByTestId('event-g').dataset.lasts).toBe('false');
    expect(screen.getByText('source fell silent')).toBeTruthy();
  });

  it('comes again behind the last change when the server ends the stream', async () => {
    serve([]);
    server.use(http.get(api('/api/v1/auth/me'), () => HttpResponse.json({ id: 'u1' })));
    renderPage(<EventsPage />);
    await screen.findByTestId('events-none');
    const stream = Stream.opened[0] as Stream;
    stream.say('open', 7, { sequence: 7 });
    stream.say('event', 8, event('g', 8));
    stream.say('end', 8, { reason: 'unauthenticated' });
    expect(stream.readyState).toBe(Stream.CLOSED);
    expect(screen.getByTestId('events-live').dataset.live).toBe('false');
    await waitFor(() => expect(Stream.opened).toHaveLength(2));
    expect(Stream.opened[1]?.url).toBe('/api/v1/events/stream?lastEventId=8');
  });

  it('gives its connection back while nobody sees the page', async () => {
    serve([]);
    renderPage(<EventsPage />);
    await screen.findByTestId('events-none');
    const stream = Stream.opened[0] as Stream;
    stream.say('open', 7, { sequence: 7 });
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    expect(stream.readyState).toBe(Stream.CLOSED);
    hidden.mockReturnValue(false);
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    expect(Stream.opened[1]?.url).toBe('/api/v1/events/stream?lastEventId=7');
    hidden.mockRestore();
  });

  it('asks list and stream with the same filter', async () => {
    const asked: string[] = [];
    serve([], asked);
    renderPage(<EventsPage />, '/?camera=a&kind=recording.gap&severity=critical&range=all');
    await screen.findByTestId('events-none');
    expect(asked[0]).toBe('kinds=recording.gap&cameras=a&severity=critical&limit=100');
    expect(Stream.opened[0]?.url).toBe(
      '/api/v1/events/stream?kinds=recording.gap&cameras=a&severity=critical',
    );
  });

  it('looks at the time between two moments that are typed, and adds nothing that happens later', async () => {
    const asked: string[] = [];
    serve([], asked);
    renderPage(<EventsPage />, '/?range=between&from=2026-11-24T10:00:00.000Z&to=2026-11-24T12:00:00.000Z');
    await screen.findByTestId('events-none');
    const times = () => {
      const search = new URLSearchParams(asked.at(-1));
      return ['from', 'to'].map((name) => new Date(Number(search.get(name))).toISOString());
    };
    expect(times()).toEqual(['2026-11-24T10:00:00.000Z', '2026-11-24T12:00:00.000Z']);
    const stream = Stream.opened[0] as Stream;
    expect(stream.url).toBe('/api/v1/events/stream?');
    stream.say('event', 8, event('later', 8, { start: '2026-11-24T12:00:00.000Z' }));
    stream.say('event', 9, event('then', 9, { start: '2026-11-24T11:00:00.000Z' }));
    await screen.findByTestId('event-then');
    expect(screen.queryByTestId('event-later')).toBeNull();

    const to = screen.getByTestId('events-to') as HTMLInputElement;
    await userEvent.clear(to);
    expect(times()[1]).toBe('2026-11-24T12:00:00.000Z');
    await userEvent.click(to);
    await userEvent.paste(dateTimeText(Date.UTC(2026, 10, 24, 13)));
    await waitFor(() => expect(times()).toEqual(['2026-11-24T10:00:00.000Z', '2026-11-24T13:00:00.000Z']));
  });

  it('reads older ones, a hundred at a time, as one comes near the end, and not before', async () => {
    const asked: string[] = [];
    const hundred = Array.from({ length: 100 }, (_, n) => numbered(n));
    serve(hundred, asked, 'next');
    renderPage(<EventsPage />);
    await screen.findByTestId('event-n00000');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('limit=100');
    expect(screen.getByTestId('events-table').getAttribute('aria-rowcount')).toBe('-1');
    scrollTo(100 * 60);
    expect(await screen.findByTestId('event-old')).toBeTruthy();
    expect(asked).toHaveLength(2);
    expect(asked[1]).toContain('cursor=next');
    // 101 rows and the head.
    expect(screen.getByTestId('events-table').getAttribute('aria-rowcount')).toBe('102');
  });

  it('reads on after a failure when somebody says so, and not for ever by itself', async () => {
    let tries = 0;
    serve([event('g', 5)]);
    server.use(
      http.get(api('/api/v1/events'), ({ request }) => {
        if (!new URL(request.url).searchParams.has('cursor')) {
          return HttpResponse.json({ items: [event('g', 5)], nextCursor: 'next' });
        }
        tries++;
        return tries === 1
          ? problem(503, 'unavailable', 'The database is away.')
          : HttpResponse.json({ items: [event('old', 1, { start: '2026-11-01T00:00:00.000Z' })] });
      }),
    );
    renderPage(<EventsPage />);
    await userEvent.click(await screen.findByTestId('events-more'));
    expect(await screen.findByTestId('event-old')).toBeTruthy();
    expect(tries).toBe(2);
    expect(screen.queryByTestId('events-more')).toBeNull();
  });
});

describe('what one cause did to several cameras', () => {
  const down = (id: string, second: number, extra: Partial<EventItem> = {}) =>
    event(id, second, {
      severity: 'warning',
      cameraId: `camera-${id}`,
      attributes: { cause: 'server_down' },
      start: `2026-11-25T12:00:0${second}.000Z`,
      end: '2026-11-25T12:01:00.000Z',
      ...extra,
    });

  it('is one line, with each camera on demand', async () => {
    serve([down('c', 3), down('b', 2), down('a', 1)]);
    renderPage(<EventsPage />);
    const row = within(await screen.findByTestId('event-group-c'));
    expect(row.getByText('server was down')).toBeTruthy();
    expect(screen.queryByTestId('event-b')).toBeNull();
    await userEvent.click(row.getByRole('button', { name: '3 cameras' }));
    expect(screen.getByTestId('event-a')).toBeTruthy();
    expect(screen.getByTestId('event-b')).toBeTruthy();
  });

  it('stays apart by cause, by time, and when it is few', () => {
    const sizes = (events: EventItem[]) => groupEvents(events).map((group) => group.events.length);
    expect(sizes([down('c', 3), down('b', 2), down('a', 1)])).toEqual([3]);
    expect(sizes([down('b', 2), down('a', 1)])).toEqual([1, 1]);
    expect(sizes([down('c', 3), down('b', 2), down('a', 1, { attributes: { cause: 'disk_full' } })])).toEqual(
      [1, 1, 1],
    );
    expect(sizes([down('c', 3), down('b', 2), down('a', 1, { start: '2026-11-25T11:00:00.000Z' })])).toEqual([
      1, 1, 1,
    ]);
    // Three streams of two cameras are two cameras.
    expect(sizes([down('c', 3), down('b', 2), down('a', 1, { cameraId: 'camera-b' })])).toEqual([1, 1, 1]);
  });
});
