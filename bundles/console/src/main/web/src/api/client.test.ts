// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, loginAnswer, problem, server, userWith, withServer } from '../../test/server';
import { getJson, request, sendJson } from './client';
import { useConnection } from './connection';
import { ApiProblem, NetworkProblem } from './problem';
import { ServerClock } from './serverClock';
import { login, useSession } from './session';

const USER = userWith('administrator');

withServer();
beforeEach(() => {
  localStorage.clear();
  useSession.setState({ phase: 'active', user: USER });
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no other way
  document.cookie = 'nxvms_csrf=abc%3D; Path=/';
});
afterEach(() => {
  vi.useRealTimers();
  useConnection.setState({ lost: false, retryAtMs: 0, epoch: 0 });
});

describe('requests', () => {
  it('that change something carry the CSRF value of the cookie, reads do not', async () => {
    const seen: (string | null)[] = [];
    const note = ({ request: sent }: { request: Request }) => {
      seen.push(sent.headers.get('X-NXvms-CSRF'));
      return HttpResponse.json({});
    };
    server.use(
      http.get(api('/api/v1/x'), note),
      http.post(api('/api/v1/x'), note),
      http.delete(api('/api/v1/x'), note),
    );
    await getJson('/api/v1/x');
    await sendJson('POST', '/api/v1/x', {});
    await request('/api/v1/x', { method: 'DELETE' });
    expect(seen).toEqual([null, 'abc=', 'abc=']);
  });

  it('that change what was read by itself are made upon that, others are not', async () => {
    let version = 1;
    const seen: (string | null)[] = [];
    server.use(
      http.get(api('/api/v1/things/a'), () => HttpResponse.json({}, { headers: { ETag: `"${version}"` } })),
      http.patch(api('/api/v1/things/:id'), ({ request: sent }) => {
        const match = sent.headers.get('If-Match');
        seen.push(match);
        if (match && match !== `"${version}"`) {
          return problem(412, 'precondition-failed', 'changed');
        }
        version++;
        return HttpResponse.json({}, { headers: { ETag: `"${version}"` } });
      }),
    );
    await sendJson('PATCH', '/api/v1/things/b', {});
    await sendJson('PATCH', '/api/v1/things/b', {});
    version = 1;
    await getJson('/api/v1/things/a');
    await sendJson('PATCH', '/api/v1/things/a', {});
    await sendJson('PATCH', '/api/v1/things/a', {});
    version = 7;
    await expect(sendJson('PATCH', '/api/v1/things/a', {})).rejects.toMatchObject({ status: 412 });
    await getJson('/api/v1/things/a');
    await sendJson('PATCH', '/api/v1/things/a', {});
    await sendJson('PATCH', '/api/v1/things/a', {}, { 'If-Match': '"8"' });
    expect(seen).toEqual([null, null, '"1"', '"2"', '"3"', '"7"', '"8"']);
  });

  it('refused with 401 are sent again after one refresh, however many there are', async () => {
    // What was renewed counts as new for a few seconds; the machine may stand still for longer.
    vi.useFakeTimers({ toFake: ['Date'] });
    let refreshes = 0;
    let valid = false;
    server.use(
      http.get(api('/api/v1/x'), () =>
        valid ? HttpResponse.json({ ok: 1 }) : problem(401, 'unauthenticated', ''),
      ),
      http.post(api('/api/v1/auth/refresh'), () => {
        refreshes++;
        valid = true;
        return HttpResponse.json(loginAnswer());
      }),
    );
    const answers = await Promise.all([getJson('/api/v1/x'), getJson('/api/v1/x'), getJson('/api/v1/x')]);
    expect(answers).toEqual([{ ok: 1 }, { ok: 1 }, { ok: 1 }]);
    expect(refreshes).toBe(1);
  });

  it('wait for the user to sign in again when the session has ended, and nothing is lost', async () => {
    let valid = false;
    server.use(
      http.post(api('/api/v1/cameras'), async ({ request: sent }) =>
        valid ? HttpResponse.json(await sent.json(), { status: 201 }) : problem(401, 'unauthenticated', ''),
      ),
      http.post(api('/api/v1/auth/refresh'), () => problem(401, 'unauthenticated', '')),
      http.post(api('/api/v1/auth/login'), () => {
        valid = true;
        return HttpResponse.json(loginAnswer());
      }),
    );
    const saved = sendJson('POST', '/api/v1/cameras', { name: 'kept' });
    await expect.poll(() => useSession.getState().phase).toBe('expired');
    await login('admin', 'right');
    expect(await saved).toEqual({ name: 'kept' });
    expect(useSession.getState().phase).toBe('active');
  });

  it('that fail give the problem with its fields', async () => {
    server.use(
      http.post(api('/api/v1/cameras'), () =>
        problem(422, 'validation', 'Some values cannot work', [{ field: 'name', detail: 'is taken' }]),
      ),
    );
    const error = await sendJson('POST', '/api/v1/cameras', {}).catch((failure) => failure);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({
      status: 422,
      kind: 'validation',
      errors: [{ field: 'name', detail: 'is taken' }],
    });
  });

  it('that get an answer that is no problem document still say something', async () => {
    server.use(http.get(api('/api/v1/x'), () => new HttpResponse('<html>', { status: 502 })));
    await expect(getJson('/api/v1/x')).rejects.toMatchObject({ status: 502, title: 'HTTP 502' });
  });

  it('without any answer report the connection as lost, and the next answer as back', async () => {
    server.use(http.get(api('/api/v1/x'), () => HttpResponse.error()));
    await expect(getJson('/api/v1/x')).rejects.toBeInstanceOf(NetworkProblem);
    expect(useConnection.getState().lost).toBe(true);
    server.use(http.get(api('/api/v1/x'), () => HttpResponse.json({})));
    await getJson('/api/v1/x');
    expect(useConnection.getState()).toMatchObject({ lost: false, epoch: 1 });
  });

  it('wrong password at login leaves the session as it was', async () => {
    useSession.setState({ phase: 'anonymous', user: undefined });
    server.use(http.post(api('/api/v1/auth/login'), () => problem(401, 'unauthenticated', 'no')));
    await expect(login('admin', 'wrong')).rejects.toMatchObject({ status: 401 });
    expect(useSession.getState().phase).toBe('anonymous');
  });
});

describe('server clock', () => {
  it('believes the quickest answer', () => {
    const clock = new ServerClock();
    clock.sample(5_000, 1_000, 1_400);
    expect(clock.offsetMs()).toBe(3_800);
    clock.sample(6_010, 2_000, 2_020);
    expect(clock.offsetMs()).toBe(4_000);
    clock.sample(9_999, 3_000, 4_000);
    expect(clock.offsetMs()).toBe(4_000);
  });

  it('follows a corrected clock after a while and ignores nonsense', () => {
    const clock = new ServerClock();
    clock.sample(2_000, 1_000, 1_010);
    clock.sample(Number.NaN, 1_000, 1_000);
    clock.sample(0, 1_000, 1_000);
    expect(clock.offsetMs()).toBe(995);
    clock.sample(500_000, 100_000, 100_200);
    expect(clock.offsetMs()).toBe(399_900);
  });
});
