// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import * as nxvms from 'nxvms';
import { follow } from '../src/events.js';
import { pieceOf } from '../src/footage.js';
import { Session } from '../src/session.js';
import { Transport } from '../src/transport.js';

const TOKENS = { accessToken: 'a', refreshToken: 'r', expiresInSeconds: 900, user: { username: 'nora' } };

/** A server on loopback that answers what a test says; `asked` is what it was asked. */
async function counterpart(t, answer) {
  const asked = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const bytes of request) text += bytes;
    asked.push({ path: request.url, headers: request.headers, body: text && JSON.parse(text) });
    answer(request, response, asked);
  });
  // Never: a request could meet the end of a connection that lay idle while the machine stood still.
  server.keepAliveTimeout = 0;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, asked };
}

const send = (response, status, body, headers = {}) =>
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

async function refusal(t, status, body, headers) {
  const { url } = await counterpart(t, (_, response) => send(response, status, body, headers));
  return await new nxvms.Client(url).get('/api/v1/cameras').then(
    () => assert.fail('not refused'),
    (error) => error,
  );
}

test('a refusal keeps what the problem says', async (t) => {
  const errors = [{ field: 'name', detail: 'is empty' }];
  const problem = await refusal(t, 422, { type: '/problems/validation', title: 'T', detail: 'Give a name.', errors });
  assert.ok(problem instanceof nxvms.Invalid);
  assert.deepEqual([problem.status, problem.problem, problem.detail], [422, 'validation', 'Give a name.']);
  assert.deepEqual(problem.errors, errors);
});

test('each refusal has its class and says when to come again', async (t) => {
  assert.ok((await refusal(t, 401, { type: '/problems/totp-required' })) instanceof nxvms.TotpRequired);
  assert.ok((await refusal(t, 422, { type: '/problems/camera-auth' })) instanceof nxvms.CameraProblem);
  const later = await refusal(t, 429, {}, { 'Retry-After': '7' });
  assert.ok(later instanceof nxvms.TooManyRequests);
  assert.equal(later.retryAfterSeconds, 7);
});

test('a page of a proxy is a refusal too, and a redirect is not followed', async (t) => {
  const proxy = await refusal(t, 503, '<html>Bad gateway</html>');
  assert.ok(proxy instanceof nxvms.Unavailable && proxy.title.includes('Bad gateway'));
  const elsewhere = await counterpart(t, (_, response) => send(response, 200, {}));
  assert.equal((await refusal(t, 307, '', { Location: elsewhere.url })).status, 307);
  assert.equal(elsewhere.asked.length, 0);
});

test('who does not answer is told from who refuses', async (t) => {
  const { url } = await counterpart(t, (request) => request.socket.destroy());
  await assert.rejects(new nxvms.Client(url).me(), nxvms.ServerUnreachable);
  const silent = await counterpart(t, () => undefined);
  await assert.rejects(new nxvms.Client(silent.url, { timeoutMs: 50 }).me(), nxvms.ServerUnreachable);
  for (const wrong of ['nvr:8080', 'ftp://nvr', 'http://', 'http://admin:x@nvr']) {
    assert.throws(() => new nxvms.Client(wrong), nxvms.NXvmsError, wrong);
  }
});

test('tokens are renewed before they end, once for all who wait', async (t) => {
  let nowMs = 0;
  const { url, asked } = await counterpart(t, (_, response, all) =>
    send(response, 200, { ...TOKENS, accessToken: `a${all.length}` }),
  );
  const session = new Session(new Transport(url, 30_000), undefined, () => nowMs);
  assert.deepEqual(await session.login('nora', 'secret', '1'), { expiresInSeconds: 900, user: { username: 'nora' } });
  nowMs = 674_999;
  assert.equal(await session.token(), 'a1');
  nowMs = 675_000;
  assert.deepEqual(await Promise.all([session.token(), session.token()]), ['a2', 'a2']);
  assert.deepEqual(
    asked.map((one) => [one.path, one.body]),
    [
      ['/api/v1/auth/login', { username: 'nora', password: 'secret', totp: '1' }],
      ['/api/v1/auth/refresh', { refreshToken: 'r' }],
    ],
  );
});

test('a token refused early is renewed, an ended session not asked for again', async (t) => {
  let ended = false;
  const { url, asked } = await counterpart(t, (request, response) => {
    if (request.url.endsWith('/login') || (request.url.endsWith('/refresh') && !ended)) {
      send(response, 200, { ...TOKENS, accessToken: request.url.slice(-5) });
    } else if (request.headers.authorization === 'Bearer fresh' && !ended) {
      send(response, 200, { username: 'nora' });
    } else {
      send(response, 401, { type: '/problems/unauthenticated' });
    }
  });
  const client = new nxvms.Client(url);
  await client.login('nora', 'secret');
  assert.equal((await client.me()).username, 'nora');
  ended = true;
  await assert.rejects(client.me(), nxvms.Unauthenticated);
  await assert.rejects(client.me(), nxvms.Unauthenticated);
  assert.equal(asked.filter((one) => one.path.endsWith('/refresh')).length, 2);
});

test('what is created is asked for again with the same key when no answer came', async (t) => {
  const { url, asked } = await counterpart(t, (request, response, all) =>
    all.length === 1 ? request.socket.destroy() : send(response, 201, { id: 'c' }),
  );
  assert.deepEqual(await new nxvms.Client(url).addCamera({ name: 'Gate' }), { id: 'c' });
  const [first, second] = asked.map((one) => one.headers['idempotency-key']);
  assert.ok(first === second && first.length >= 32, `${first} ${second}`);
});

test('following goes on behind the last whole message and doubles nothing', async (t) => {
  const bodies = [
    'retry: 1\nid: 5\nevent: open\ndata: {}\n\n: heartbeat\nid: 7\n\nid: 9\nevent: event\ndata: {"kind":"ä"}\n\nid: 11\nevent: ev',
    'id: 11\nevent: reset\ndata: {"detail":"gone"}\n\nid: 12\nevent: event\ndata: {"kind":\ndata: "b"}\n\n',
    'event: end\ndata: {"reason":"stopping","detail":""}\n\n',
    'event: end\ndata: {"reason":"forbidden","detail":"no right"}\n\n',
  ];
  const { url, asked } = await counterpart(t, (_, response, all) => send(response, 200, bodies[all.length - 1]));
  const messages = new nxvms.Client(url, { apiKey: 'nxk_1' }).followEvents({ kinds: ['camera.*', 'x.y'], position: '3' });
  const seen = [];
  await assert.rejects(async () => {
    for await (const message of messages) seen.push([message.type, message.position, message.data.kind]);
  }, nxvms.EventsEnded);
  assert.deepEqual(seen, [
    ['event', '9', 'ä'],
    ['reset', '11', undefined],
    ['event', '12', 'b'],
  ]);
  assert.deepEqual(asked.map((one) => one.headers['last-event-id']), ['3', '9', '12', '12']);
  assert.match(asked[0].path, /kinds=camera\.\*%2Cx\.y/);
  assert.equal(asked[0].headers.authorization, 'Bearer nxk_1');
});

test('following waits longer each time and as long as the server asks; a wrong address is told at once', async () => {
  const waits = [];
  const connect = async () => {
    if (waits.length === 3) throw new nxvms.NotFound(404, {});
    throw new nxvms.TooManyRequests(429, {}, waits.length === 1 ? 5 : undefined);
  };
  const pause = async (ms) => waits.push(ms);
  await assert.rejects(follow(connect, async () => undefined, '', undefined, pause).next(), nxvms.NotFound);
  assert.ok(waits[0] >= 1_500 && waits[0] <= 2_500 && waits[1] === 5_000 && waits[2] >= 6_000, waits.join());
  const nobody = async () => {
    throw new nxvms.ServerUnreachable('refused');
  };
  await assert.rejects(follow(nobody, async () => undefined, '', undefined, pause).next(), nxvms.ServerUnreachable);
});

const fragment = (startMs, offset, key = true) => ({ startMs, durationMs: 1_000, offset, length: 10, key });
const INDEX = {
  segmentId: 's',
  initId: 'i',
  fragments: [fragment(0, 5), fragment(1_000, 15, false), fragment(2_000, 25), fragment(3_000, 35, false)],
};

test('a range begins with the key frame before it', () => {
  const part = (from, to) => {
    const piece = pieceOf(INDEX, from, to);
    return piece && [piece.startMs, piece.offset, piece.length];
  };
  assert.deepEqual(part(-5_000, 9_000), [0, 5, 40]);
  assert.deepEqual(part(1_500, 2_000), [0, 5, 20]);
  assert.deepEqual(part(2_000, 3_001), [2_000, 25, 20]);
  assert.equal(part(4_000, 5_000), undefined);
  assert.equal(part(-5_000, 0), undefined);
});

/** Footage of 100 bytes, of which each answer brings only the first `bytes`. */
function footage(bytes) {
  const whole = Buffer.from(Array.from({ length: 100 }, (_, i) => i));
  return (request, response) => {
    if (request.url.includes('/segments?')) {
      send(response, 200, { items: [{ id: 's' }] });
    } else if (request.url.endsWith('/index')) {
      send(response, 200, INDEX);
    } else if (request.url.includes('/init/')) {
      send(response, 200, 'HEAD');
    } else {
      const [first, last] = request.headers.range.slice(6).split('-').map(Number);
      response.writeHead(206, { 'Content-Length': last - first + 1 });
      response.flushHeaders();
      response.write(whole.subarray(first, Math.min(first + bytes, last + 1)), () => response.socket?.end());
    }
  };
}

test('a download goes on where it broke off', async (t) => {
  const { url } = await counterpart(t, footage(7));
  const folder = await mkdtemp(join(tmpdir(), 'nxvms-'));
  const seen = [];
  const files = await new nxvms.Client(url).download('c', 0, 4_000, folder, { progress: (p) => seen.push(p) });
  assert.deepEqual(files, [join(folder, 'c-main-0.mp4')]);
  const expected = [...Buffer.from('HEAD'), ...Array.from({ length: 40 }, (_, i) => i + 5)];
  assert.deepEqual([...(await readFile(files[0]))], expected);
  assert.deepEqual(await readdir(folder), ['c-main-0.mp4']);
  assert.deepEqual(seen.at(-1), { doneBytes: 40, totalBytes: 40, file: files[0] });
});

test('a download that brings nothing ends', async (t) => {
  const { url } = await counterpart(t, footage(0));
  const folder = await mkdtemp(join(tmpdir(), 'nxvms-'));
  await assert.rejects(new nxvms.Client(url).download('c', 0, 4_000, folder), nxvms.ServerUnreachable);
  assert.deepEqual(await readdir(folder), ['c-main-0.mp4.part']);
});

test('an export is waited for, and its package goes on where it broke off', async (t) => {
  const whole = Buffer.from(Array.from({ length: 100 }, (_, i) => i));
  const job = { id: 'e', state: 'running', bytesDone: 3 };
  const { url, asked } = await counterpart(t, (request, response, all) => {
    if (request.method === 'POST') {
      send(response, 201, { ...job, state: 'waiting' });
    } else if (request.url === '/api/v1/exports/e') {
      const first = all.filter((one) => one.path === request.url).length === 1;
      send(response, 200, first ? job : { ...job, state: 'done', bytesDone: 100, url: '/media/v1/exports/e' });
    } else {
      const [first, last] = request.headers.range.slice(6).split('-').map(Number);
      response.writeHead(206, { 'Content-Length': last - first + 1 });
      response.flushHeaders();
      response.write(whole.subarray(first, Math.min(first + 60, last + 1)), () => response.socket?.end());
    }
  });
  const folder = await mkdtemp(join(tmpdir(), 'nxvms-'));
  const seen = [];
  const wanted = join(folder, 'case', 'evidence.zip');
  const options = { reason: 'theft', progress: (p) => seen.push(p) };
  assert.equal(await new nxvms.Client(url).export(['c', 'd'], 1, 2, wanted, options), wanted);
  assert.deepEqual(await readFile(wanted), whole);
  assert.deepEqual(await readdir(join(folder, 'case')), ['evidence.zip']);
  const draft = { cameraIds: ['c', 'd'], from: '1', to: '2', stream: 'main', form: 'mp4', reason: 'theft' };
  assert.deepEqual(asked[0].body, draft);
  assert.deepEqual(seen.at(-1), { doneBytes: 100, totalBytes: 100, file: wanted });
});

test('an export is cut and burned into as it is wished', async (t) => {
  const { url, asked } = await counterpart(t, (_, response) => send(response, 201, { id: 'e', state: 'failed' }));
  const wished = {
    form: 'mkv',
    cut: 'exact',
    overlay: { text: 'Case 7', time: true, zone: 'Europe/Berlin' },
    masks: [{ cameraId: 'c', points: [[0, 0], [1, 0], [1, 0.5]] }],
  };
  await assert.rejects(new nxvms.Client(url).export(['c'], 1, 2, 'never.zip', wished), nxvms.NXvmsError);
  const { form, cut, overlay, masks } = asked[0].body;
  assert.deepEqual({ form, cut, overlay, masks }, wished);
});

test('an export that failed says why', async (t) => {
  const { url } = await counterpart(t, (_, response) => send(response, 201, { id: 'e', state: 'failed', detail: 'The disk is full.' }));
  await assert.rejects(new nxvms.Client(url).export(['c'], 1, 2, 'never.zip'), /The disk is full/);
});
