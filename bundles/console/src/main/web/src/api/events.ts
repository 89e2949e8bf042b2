// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { backoffMs } from './backoff';
import { getJson } from './client';
import { ApiProblem } from './problem';
import { serverClock } from './serverClock';
import { checkSession, useSession } from './session';
import type { EventItem, EventKind, Page } from './types';

const PAGE = 100;
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 30_000;

/** What to show; absent parts fit everything. */
export interface EventQuery {
  from?: number;
  to?: number;
  kind?: string;
  cameraId?: string;
  severity?: string;
  /** Words as the server takes them; the stream of events knows none, and no times. */
  text?: string;
}

function parameters(query: EventQuery): URLSearchParams {
  const search = new URLSearchParams();
  if (query.kind) {
    search.set('kinds', query.kind);
  }
  if (query.cameraId) {
    search.set('cameras', query.cameraId);
  }
  if (query.severity && query.severity !== 'info') {
    search.set('severity', query.severity);
  }
  return search;
}

export const EVENT_PAGES = ['events', 'pages'];

/** Newest first, a page at a time. Nothing reads all pages again: of 100 000 events that are a thousand. */
export function useEventPages(query: EventQuery) {
  return useInfiniteQuery({
    queryKey: [...EVENT_PAGES, query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const search = parameters(query);
      search.set('limit', String(PAGE));
      if (query.text) {
        search.set('text', query.text);
      }
      if (query.from !== undefined) {
        search.set('from', String(query.from));
      }
      if (query.to !== undefined) {
        search.set('to', String(query.to));
      }
      if (pageParam) {
        search.set('cursor', pageParam);
      }
      return getJson<Page<EventItem>>(`/api/v1/events?${search}`, signal);
    },
    getNextPageParam: (page) => page.nextCursor,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    gcTime: 0,
  });
}

const ON_TIMELINE_MAX = 1000;

/** What happened at a camera within a range, the newest first; of very many the newest. */
export function useCameraEvents(cameraId: string, from: number, to: number, refetchMs?: number) {
  const may = useSession((state) => state.user?.permissions.includes('view_events') ?? false);
  return useQuery({
    enabled: may,
    queryKey: ['events', 'timeline', cameraId, from, to],
    queryFn: ({ signal }) =>
      getJson<Page<EventItem>>(
        `/api/v1/events?cameras=${encodeURIComponent(cameraId)}&from=${from}&to=${to}&limit=${ON_TIMELINE_MAX}`,
        signal,
      ),
    placeholderData: keepPreviousData,
    // Who may not see events is not refused again and again.
    refetchInterval: (query) => (query.state.error ? false : (refetchMs ?? false)),
  });
}

export function useEventKinds(enabled = true) {
  return useQuery({
    queryKey: ['event-kinds'],
    enabled,
    queryFn: ({ signal }) =>
      getJson<Page<EventKind>>('/api/v1/events/kinds', signal).then((page) => page.items),
    staleTime: 60_000,
  });
}

export const BELL_POLL_MS = 10_000;
const BELL_MAX = 100;
/** As many as one answer may have. */
export const CRITICAL_MAX = 1_000;
const CRITICAL = ['events', 'critical'];

/** The newest critical events, asked again every few seconds: the bell is on every page and shall hold no connection. */
export function useCriticalEvents() {
  const client = useQueryClient();
  return useQuery({
    queryKey: CRITICAL,
    queryFn: ({ signal }) => newestCritical(client.getQueryData<EventItem[]>(CRITICAL), signal),
    refetchInterval: BELL_POLL_MS,
  });
}

/** What was known before stays behind what is new, so that little is asked for again and nothing falls out that waits. */
async function newestCritical(before: EventItem[] | undefined, signal: AbortSignal): Promise<EventItem[]> {
  const newest = (limit: number) =>
    getJson<Page<EventItem>>(`/api/v1/events?severity=critical&limit=${limit}`, signal).then(
      (page) => page.items,
    );
  if (before) {
    const latest = await newest(BELL_MAX);
    const ids = new Set(latest.map(({ id }) => id));
    const known = before.filter(({ id }) => !ids.has(id));
    if (latest.length < BELL_MAX) {
      return latest;
    }
    if (known.length < before.length) {
      return [...latest, ...known].slice(0, CRITICAL_MAX);
    }
  }
  return newest(CRITICAL_MAX);
}

const ALERT_POLL_MS = 5_000;

/** The newest events of a severity and worse, also while nobody looks at the page; none: nobody is asked. */
export function useNewestEvents(severity: string | undefined) {
  return useQuery({
    queryKey: ['events', 'alerts', severity],
    enabled: severity !== undefined,
    queryFn: ({ signal }) =>
      getJson<Page<EventItem>>(`/api/v1/events?severity=${severity}&limit=${BELL_MAX}`, signal).then(
        (page) => page.items,
      ),
    // Who may not see events is not refused again and again.
    refetchInterval: (query) => (isRefused(query.state.error) ? false : ALERT_POLL_MS),
    refetchIntervalInBackground: true,
  });
}

/** Those of a severity and worse that go on now, whenever they began, asked again while somebody sees the page. */
export function useLastingEvents(severity: string, pollMs = ALERT_POLL_MS) {
  return useQuery({
    queryKey: ['events', 'lasting', severity],
    queryFn: ({ signal }) =>
      getJson<Page<EventItem>>(
        `/api/v1/events?severity=${severity}&from=${Math.round(serverClock.now())}&limit=${BELL_MAX}`,
        signal,
      ).then((page) => page.items.filter(({ form, end }) => form === 'state' && end === undefined)),
    refetchInterval: (query) => (isRefused(query.state.error) ? false : pollMs),
  });
}

const isRefused = (error: unknown) => error instanceof ApiProblem && error.status === 403;

export interface EventListener {
  onEvent: (event: EventItem) => void;
  /** Older changes are gone: read the list again. */
  onReset: () => void;
  onLive: (live: boolean) => void;
  /** Where the stream stands; whoever begins again from there misses nothing. */
  onPosition?: (position: string) => void;
}

/**
 * Follows events until the returned function is called. A browser's EventSource comes again by itself with the last id;
 * where it gives up (the session has ended, the server restarts) this begins a new one behind the last change it saw.
 *
 * @param from where another one stood, to go on behind it
 */
export function followEvents(query: EventQuery, listener: EventListener, from = ''): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = from;
  let attempts = 0;
  let ended = false;

  const seen = (message: MessageEvent) => {
    last = message.lastEventId || last;
    listener.onPosition?.(last);
  };
  const again = () => {
    source?.close();
    listener.onLive(false);
    if (!ended && !document.hidden) {
      timer = setTimeout(
        () => {
          // An EventSource cannot say why it was refused.
          checkSession().then(connect, again);
        },
        backoffMs(attempts++, RETRY_MIN_MS, RETRY_MAX_MS),
      );
    }
  };
  const connect = () => {
    if (ended || document.hidden) {
      return;
    }
    const search = parameters(query);
    if (last) {
      search.set('lastEventId', last);
    }
    const opened = new EventSource(`/api/v1/events/stream?${search}`);
    source = opened;
    opened.addEventListener('open', (message) => {
      // The connection, and the server's first message: both are named so.
      if (message instanceof MessageEvent) {
        seen(message);
        attempts = 0;
        listener.onLive(true);
      }
    });
    opened.addEventListener('event', (message) => {
      seen(message);
      listener.onEvent(JSON.parse(message.data as string) as EventItem);
    });
    opened.addEventListener('reset', (message) => {
      seen(message);
      listener.onReset();
    });
    opened.addEventListener('end', again);
    opened.addEventListener('error', () => {
      listener.onLive(false);
      if (opened.readyState === EventSource.CLOSED) {
        again();
      }
    });
  };
  // A browser has six connections to a server for all its tabs: a page that nobody sees gives its one back.
  const onVisibility = () => {
    clearTimeout(timer);
    source?.close();
    listener.onLive(false);
    connect();
  };
  document.addEventListener('visibilitychange', onVisibility);
  connect();
  return () => {
    ended = true;
    document.removeEventListener('visibilitychange', onVisibility);
    clearTimeout(timer);
    source?.close();
  };
}
