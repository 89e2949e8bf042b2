// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, problem, server, withServer } from '../../test/server';
import { retryNow, useConnection } from './connection';

withServer();
// How long an answer may take is not told here, and the machine may stand still for longer.
beforeEach(() => void vi.spyOn(AbortSignal, 'timeout').mockReturnValue(new AbortController().signal));
afterEach(() => useConnection.setState({ lost: false, retryAtMs: 0, epoch: 0 }));

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
