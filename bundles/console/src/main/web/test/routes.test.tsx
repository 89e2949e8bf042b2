// SPDX-License-Identifier: Apache-2.0
// Opens each page against the mock server: it has what the page asks for, in the shape the page understands.
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { handlersOf } from '../mocks/handlers';
import { id } from '../mocks/site';
import { World } from '../mocks/world';

/** Each route, an address of it, and something there that has come from the server. */
const PAGES: [route: string, address: string, testId: string][] = [
  ['live', '/live', `tree-camera-${id(1)}`],
  ['playback/:cameraId?', `/playback/${id(1)}`, 'timeline'],
  ['events', '/events', `event-${id(2000)}`],
  ['exports', '/exports', `export-${id(701)}`],
  ['exports/verify', '/exports/verify', 'verify-insecure'],
  ['cameras', '/cameras', `camera-row-${id(1)}`],
  ['health', '/health', 'health-part-database'],
  ['volumes', '/volumes', 'volume-main'],
  ['control/:cameraId', `/control/${id(1)}`, 'preset-go-Gate'],
  ['plugins', '/plugins', 'plugin-com.example.cameras'],
  ['users', '/users', 'user-guard'],
  ['users/:userId/rights', '/users/user-guard/rights', 'grant-g1'],
  ['roles', '/roles', 'role-operator'],
  ['sessions', '/sessions', 'session-mine'],
  ['keys', '/keys', 'key-wall'],
  ['audit', '/audit', 'audit-40'],
  ['webhooks', '/webhooks', 'webhook-alarms'],
  ['account', '/account', 'session-mine'],
  ['servers', '/servers', 'server-Depot North'],
];

/** What jsdom has not, and pages ask for. */
class Silence extends EventTarget {
  static readonly CLOSED = 2;
  readyState = 1;
  close() {}
}

const server = setupServer();
const running = new Set<string>();
const unknown: string[] = [];
let complaints: unknown[][];
let router: typeof import('../src/app/router').router;
let App: typeof import('../src/app/App').App;

beforeAll(async () => {
  history.replaceState({}, '', '/console/live');
  // Somebody is signed in.
  document.cookie = 'nxvms_csrf=mock; Path=/';
  ({ router } = await import('../src/app/router'));
  ({ App } = await import('../src/app/App'));
  vi.stubGlobal('EventSource', Silence);
  Object.assign(HTMLCanvasElement.prototype, { getContext: () => null });
  Object.assign(HTMLVideoElement.prototype, {
    requestVideoFrameCallback: () => 0,
    cancelVideoFrameCallback: () => undefined,
    play: async () => undefined,
    pause: () => undefined,
    load: () => undefined,
  });
  server.listen({ onUnhandledRequest: ({ method, url }) => void unknown.push(`${method} ${url}`) });
  server.events.on('request:start', ({ request, requestId }) => {
    running.add(requestId);
    request.signal.addEventListener('abort', () => running.delete(requestId));
  });
  server.events.on('request:end', ({ requestId }) => void running.delete(requestId));
});
afterAll(() => {
  server.close();
  vi.unstubAllGlobals();
});

beforeEach(() => {
  complaints = [];
  running.clear();
  const complain = (...what: unknown[]) => void complaints.push(what);
  vi.spyOn(console, 'error').mockImplementation(complain);
  vi.spyOn(console, 'warn').mockImplementation(complain);
  server.resetHandlers(...handlersOf(new World({ nowMs: Date.now(), open: true })));
});
afterEach(() => server.resetHandlers());

describe('the mock server', () => {
  it.each(PAGES)('has what the page %s needs', async (_route, address, testId) => {
    await router.navigate(address);
    render(<App />);
    await screen.findByTestId(testId);
    await waitFor(() => expect([...running]).toEqual([]));
    cleanup();
    expect(unknown).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('is held against every page there is', () => {
    // Of pages that plugins bring it knows nothing.
    const routes = router.routes
      .flatMap(({ children }) => children ?? [])
      .map(({ path }) => path)
      .filter((path) => !path?.startsWith('extensions/'));
    expect(PAGES.map(([route]) => route).sort()).toEqual(
      routes.filter((path) => path !== undefined && path !== '*').sort(),
    );
  });
});
