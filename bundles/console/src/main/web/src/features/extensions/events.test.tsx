// SPDX-License-Identifier: Apache-2.0
import { renderHook, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { extension, noExtensions } from '../../../test/extensions';
import { api, server, userWith, withServer } from '../../../test/server';
import type { ExtensionInfo } from '../../api/extensions';
import { useSession } from '../../api/session';
import { subscribeEvents } from './eventHub';
import { useExtensions } from './useExtensions';
import { useExtensionWatch } from './watch';

withServer();

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
  say(type: string, id: number, data: unknown = {}) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId: String(id) }));
  }
  get query() {
    return new URL(this.url, 'http://localhost').searchParams;
  }
  static get open() {
    return Stream.opened.filter(({ readyState }) => readyState !== Stream.CLOSED);
  }
}

beforeEach(() => {
  noExtensions();
  Stream.opened = [];
  vi.stubGlobal('EventSource', Stream);
});
afterEach(() => vi.unstubAllGlobals());

const event = (kind: string, cameraId?: string) => ({ id: kind, kind, cameraId, attributes: {} });

describe('the list of extensions', () => {
  let there: ExtensionInfo[];
  let asked: number;
  beforeEach(() => {
    there = [];
    asked = 0;
    server.use(
      http.get(api('/api/v1/console/extensions'), () => {
        asked++;
        return HttpResponse.json({ items: there });
      }),
    );
  });
  const signIn = (...permissions: string[]) =>
    useSession.setState({ phase: 'active', user: { ...userWith('viewer'), permissions } });
  const ids = () => useExtensions.getState().list?.map(({ id }) => id);

  it('is read again when the server says that it has changed', async () => {
    signIn('view_events');
    const { unmount } = renderHook(() => useExtensionWatch());
    await waitFor(() => expect(ids()).toEqual([]));
    expect(Stream.open).toHaveLength(1);
    expect(Stream.open[0]?.query.get('kinds')).toBe('console.extensions.changed');
    there = [extension('plates', [], () => undefined)];
    Stream.open[0]?.say('event', 2, event('console.extensions.changed'));
    await waitFor(() => expect(ids()).toEqual(['plates']));
    there = [];
    Stream.open[0]?.say('event', 3, event('console.extensions.changed'));
    await waitFor(() => expect(ids()).toEqual([]));
    unmount();
    expect(Stream.open).toHaveLength(0);
  });

  it('is read again when the stream begins, as what happened before is told to nobody', async () => {
    signIn('view_events');
    const { unmount } = renderHook(() => useExtensionWatch());
    await waitFor(() => expect(ids()).toEqual([]));
    there = [extension('plates', [], () => undefined)];
    Stream.open[0]?.say('open', 1);
    await waitFor(() => expect(ids()).toEqual(['plates']));
    unmount();
  });

  it('is read without the stream by who may not follow events, and not at all after the end', async () => {
    signIn('view_live');
    there = [extension('plates', [], () => undefined)];
    const { unmount } = renderHook(() => useExtensionWatch());
    await waitFor(() => expect(ids()).toEqual(['plates']));
    expect(Stream.opened).toHaveLength(0);
    expect(asked).toBe(1);
    unmount();
    useSession.setState({ phase: 'anonymous', user: undefined });
    expect(ids()).toBeUndefined();
  });

  it('is not read at all in a console that was opened without extensions', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    signIn('view_live');
    renderHook(() => useExtensionWatch()).unmount();
    // Begun at once, so that what follows would have been seen here.
    expect(fetched).toHaveBeenCalledTimes(1);
    history.replaceState(null, '', '/?safe=1');
    vi.resetModules();
    const { useExtensionWatch: safely } = await import('./watch');
    const { useSession: own } = await import('../../api/session');
    own.setState({ phase: 'active', user: { ...userWith('viewer'), permissions: ['view_live'] } });
    fetched.mockClear();
    renderHook(() => safely()).unmount();
    expect(fetched).not.toHaveBeenCalled();
    history.replaceState(null, '', '/');
    vi.resetModules();
  });

  it('stays what it is while the server does not answer', async () => {
    signIn('view_events');
    there = [extension('plates', [], () => undefined)];
    const { unmount } = renderHook(() => useExtensionWatch());
    await waitFor(() => expect(ids()).toEqual(['plates']));
    let refused = 0;
    server.use(
      http.get(api('/api/v1/console/extensions'), () => {
        refused++;
        return new HttpResponse(null, { status: 503 });
      }),
    );
    Stream.open[0]?.say('event', 2, event('console.extensions.changed'));
    await waitFor(() => expect(refused).toBe(1));
    expect(ids()).toEqual(['plates']);
    unmount();
  });
});

describe('events for extensions', () => {
  it('come by one connection for all, which goes on where it was when more is asked for', () => {
    const heard: string[] = [];
    const hear = (who: string) => (one: { kind: string }) => heard.push(`${who} ${one.kind}`);
    const faults: unknown[] = [];
    const first = subscribeEvents({ kinds: ['camera.motion'], cameraIds: ['a'] }, hear('first'), (e) =>
      faults.push(e),
    );
    expect(Stream.open.map(({ query }) => query.get('kinds'))).toEqual(['camera.motion']);
    Stream.open[0]?.say('event', 7, event('camera.motion', 'a'));
    Stream.open[0]?.say('event', 8, event('camera.motion', 'b'));
    const second = subscribeEvents({ kinds: ['camera.*'] }, hear('second'), (e) => faults.push(e));
    expect(Stream.open).toHaveLength(1);
    expect(Stream.open[0]?.query.get('kinds')).toBe('camera.*,camera.motion');
    expect(Stream.open[0]?.query.get('lastEventId')).toBe('8');
    const third = subscribeEvents(
      {},
      () => {
        throw new Error('a fault of its own');
      },
      (e) => faults.push(e),
    );
    expect(Stream.open[0]?.query.get('kinds')).toBeNull();
    Stream.open[0]?.say('event', 9, event('camera.input', 'a'));
    Stream.open[0]?.say('event', 10, event('server.started'));
    expect(heard).toEqual(['first camera.motion', 'second camera.input']);
    expect(faults).toHaveLength(2);
    third();
    second();
    first();
    first();
    expect(Stream.open).toHaveLength(0);
  });
});
