// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, problem, server, withServer } from '../../test/server';
import { reportReachable, retryNow, useConnection, watchConnection } from './connection';

withServer();
// How long an answer may take is not told here, and the machine may stand still for longer.
beforeEach(() => void vi.spyOn(AbortSignal, 'timeout').mockReturnValue(new AbortController().signal));
afterEach(() => useConnection.setState({ lost: false, silent: false, retryAtMs: 0, epoch: 0 }));

const answer = (response: () => Response) => server.use(http.get(api('/api/v1/health'), response));

describe('connection', () => {
  it('is lost without an answer and back with one, which everybody notices', async () => {
    answer(() => HttpResponse.error());
    retryNow();
    await expect.poll(() => useConnection.getState().lost).toBe(true);
    answer(() => HttpResponse.json({ status: 'up' }));
    retryNow();
    await expect.poll(() => useConnection.getState()).toMatchObject({ lost: false, epoch: 1 });
  });

  it('counts a server that is not ready as there', async () => {
    useConnection.setState({ lost: true });
    answer(() => HttpResponse.json({ status: 'down', ready: false }, { status: 503 }));
    retryNow();
    await expect.poll(() => useConnection.getState().lost).toBe(false);
  });

  it('counts a web server whose applications are still starting as lost', async () => {
    answer(
      () =>
        new HttpResponse('<html>Not Found</html>', { status: 404, headers: { 'Content-Type': 'text/html' } }),
    );
    retryNow();
    await expect.poll(() => useConnection.getState().lost).toBe(true);
    answer(() => problem(503, 'unavailable', 'starting'));
    retryNow();
    await expect.poll(() => useConnection.getState().lost).toBe(false);
  });
});

describe('a server that accepts and does not answer', () => {
  /** By the clock of the test. */
  const BANNER_MS = 3_000;
  const MINUTE_MS = 60_000;
  let hangs: boolean;
  let beats: number;
  let end: () => void;

  beforeEach(() => {
    vi.useFakeTimers();
    hangs = false;
    beats = 0;
    vi.stubGlobal('fetch', (_url: string, { signal }: { signal: AbortSignal }) => {
      beats++;
      return hangs
        ? new Promise((_answer, refuse) => signal.addEventListener('abort', () => refuse(signal.reason)))
        : Promise.resolve(HttpResponse.json({ status: 'up' }));
    });
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const given = new AbortController();
      setTimeout(() => given.abort(new DOMException('late', 'TimeoutError')), ms);
      return given.signal;
    });
    end = watchConnection();
  });
  afterEach(() => {
    end();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const isSaid = () => useConnection.getState().lost || useConnection.getState().silent;

  it('is said within three seconds, whenever it began', async () => {
    for (let beganMs = 0; beganMs <= 2_000; beganMs += 250) {
      hangs = false;
      reportReachable();
      await vi.advanceTimersByTimeAsync(MINUTE_MS + beganMs);
      expect(isSaid()).toBe(false);
      hangs = true;
      await vi.advanceTimersByTimeAsync(BANNER_MS);
      expect({ beganMs, said: isSaid() }).toEqual({ beganMs, said: true });
      await vi.advanceTimersByTimeAsync(BANNER_MS);
      expect(useConnection.getState().lost).toBe(true);
    }
  });

  it('that answers after all has cost no stream anything', async () => {
    let answer = () => {};
    const late = new Promise<Response>((given) => {
      answer = () => given(HttpResponse.json({ status: 'up' }));
    });
    vi.stubGlobal('fetch', () => late);
    await vi.advanceTimersByTimeAsync(BANNER_MS);
    expect(useConnection.getState()).toMatchObject({ silent: true, lost: false, epoch: 0 });
    answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(useConnection.getState()).toMatchObject({ silent: false, lost: false, epoch: 0 });
  });

  it('is not a server that waits for a slow check: nothing of it is asked for', async () => {
    vi.stubGlobal('fetch', (url: string) => {
      const checkMs = url.endsWith('?wait=false') ? 0 : 1_500;
      return new Promise((given) => setTimeout(() => given(HttpResponse.json({ status: 'up' })), checkMs));
    });
    for (let passedMs = 0; passedMs < MINUTE_MS; passedMs += 100) {
      await vi.advanceTimersByTimeAsync(100);
      expect({ passedMs, said: isSaid() }).toEqual({ passedMs, said: false });
    }
  });

  it('is found out without asking more than every two and a half seconds where others ask anyway', async () => {
    // As a page with cameras and health does.
    const others = [setInterval(reportReachable, 10_000), setInterval(reportReachable, 5_000)];
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    for (const one of others) {
      clearInterval(one);
    }
    expect(beats).toBeGreaterThan(0);
    expect(beats).toBeLessThanOrEqual(MINUTE_MS / 2_500);
  });
});
