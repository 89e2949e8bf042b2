// SPDX-License-Identifier: Apache-2.0
// Against a running server that records a camera: NXVMS_URL, NXVMS_USER, NXVMS_PASSWORD (an administrator).
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as nxvms from 'nxvms';

const { NXVMS_URL: URL, NXVMS_USER: USER, NXVMS_PASSWORD: PASSWORD } = process.env;
const README = new globalThis.URL('../README.md', import.meta.url);
const PATIENCE_MS = 60_000;
const password = `Gate-${randomUUID()}`;
const server = new nxvms.Client(URL);
let camera;
let segment;

/** RFC 6238 as every app does it. */
function totp(secret, atMs) {
  const bits = [...secret.replace(/=+$/, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  return String((digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}

before(async () => {
  await server.login(USER, PASSWORD);
  for await (camera of server.cameras()) break;
  const until = Date.now() + PATIENCE_MS;
  while (segment === undefined && Date.now() < until) {
    for await (const one of server.segments(camera.id, 1, Date.now())) {
      if (one.durationMs > 2_000) segment ??= one;
    }
    if (segment === undefined) await sleep(200);
  }
  assert.ok(segment, 'a camera is recorded');
});
after(() => server.logout());

async function user(t) {
  const username = `u${randomUUID().slice(-12)}`;
  const draft = { username, password, role: 'viewer', mustChangePassword: false };
  const made = await server.post('/api/v1/users', draft);
  t.after(() => server.delete(`/api/v1/users/${made.id}`));
  return username;
}

test('the page works as it is written', async (t) => {
  const said = [];
  t.mock.method(console, 'log', (...words) => said.push(words.map(String).join(' ')));
  const folder = await mkdtemp(join(tmpdir(), 'nxvms-'));
  const from = `${(Date.now() - 1_000) * 1_000}`;
  const event = { kind: 'readme.page', source: { type: 'integration', id: 'readme' } };
  await server.raiseEvent(event);
  const blocks = [...(await readFile(README, 'utf8')).matchAll(/```js\n(.*?)```/gs)].map(([, block]) => block);
  assert.ok(blocks.length >= 4);
  const code = blocks
    .join('\n')
    .replace(/^import .*$/m, '')
    .replace("'footage'", JSON.stringify(folder))
    .replace("'footage/evidence.zip'", JSON.stringify(join(folder, 'evidence.zip')))
    .replace("position = ''", `position = '${from}'`);
  const AsyncFunction = (async () => undefined).constructor;
  const files = await new AsyncFunction('nxvms', `${code}\nawait server.logout();\nreturn files;`)(nxvms);
  assert.ok(files.length > 0);
  for (const file of files) {
    assert.equal((await readFile(file)).toString('latin1', 4, 8), 'ftyp');
  }
  assert.equal((await readFile(join(folder, 'evidence.zip'))).toString('latin1', 0, 2), 'PK');
  assert.ok(said.some((line) => line.startsWith(camera.name)));
  assert.ok(said.some((line) => /^(camera|readme)\.\S+ 20/.test(line)));
  assert.ok(said.some((line) => /^(validation|malformed) /.test(line)));
});

test('a second factor is asked for and taken', async (t) => {
  const name = await user(t);
  const client = new nxvms.Client(URL);
  await client.login(name, password);
  const { secret } = await client.post('/api/v1/auth/totp', { password });
  const nowMs = Date.now();
  await client.post('/api/v1/auth/totp/confirm', { code: totp(secret, nowMs) });
  const other = new nxvms.Client(URL);
  await assert.rejects(other.login(name, password), nxvms.TotpRequired);
  // One step ahead is taken too; the one of now was taken already.
  assert.equal((await other.login(name, password, totp(secret, nowMs + 30_000))).user.username, name);
  assert.equal((await other.me()).username, name);
});

test('an API key does what its scope says', async (t) => {
  const draft = { name: `k${randomUUID()}`, scopes: ['view_configuration'], password: PASSWORD };
  const { key, details } = await server.post('/api/v1/api-keys', draft);
  t.after(() => server.delete(`/api/v1/api-keys/${details.id}`));
  const client = new nxvms.Client(URL, { apiKey: key });
  assert.equal((await client.camera(camera.id)).id, camera.id);
  await assert.rejects(client.get('/api/v1/users'), nxvms.Forbidden);
});

test('a session that was ended is over', async (t) => {
  const name = await user(t);
  const client = new nxvms.Client(URL);
  await client.login(name, password);
  assert.equal((await client.me()).username, name);
  await client.delete('/api/v1/auth/sessions');
  await client.logout();
  await assert.rejects(client.me(), nxvms.Unauthenticated);
});

test('events are followed from where one was', async () => {
  const position = `${(Date.now() - 1_000) * 1_000}`;
  const ids = [];
  for (const detail of ['0', '1', '2']) {
    const source = { type: 'integration', id: 'js' };
    ids.push((await server.raiseEvent({ kind: 'js.said', source, detail })).id);
  }
  const follow = async (from, count) => {
    const seen = [];
    for await (const message of server.followEvents({ kinds: ['js.*'], position: from })) {
      if (message.type === 'event' && ids.includes(message.data.id)) seen.push(message);
      if (seen.length === count) break;
    }
    return seen;
  };
  const [first] = await follow(position, 1);
  const rest = await follow(first.position, 2);
  assert.deepEqual([first, ...rest].map((message) => message.data.id), ids);
});

test('footage is downloaded with its progress', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nxvms-'));
  const seen = [];
  const { startMs } = segment;
  const options = { progress: (progress) => seen.push(progress) };
  const files = await server.download(camera.id, startMs, startMs + 1_500, folder, options);
  assert.equal(files.length, 1);
  const body = await readFile(files[0]);
  assert.equal(body.toString('latin1', 4, 8), 'ftyp');
  assert.equal(seen.at(-1).doneBytes, seen.at(-1).totalBytes);
  assert.ok(seen.at(-1).totalBytes < body.length);
});

test('what is repeated is created once', async () => {
  const key = randomUUID();
  const event = { kind: 'js.once', source: { type: 'integration', id: 'js' } };
  assert.equal((await server.raiseEvent(event, key)).id, (await server.raiseEvent(event, key)).id);
  const other = server.raiseEvent({ ...event, detail: 'other' }, key);
  await assert.rejects(other, (error) => error.errors[0].field === 'Idempotency-Key');
});

test('refusals are told apart', async () => {
  await assert.rejects(server.camera(randomUUID()), nxvms.NotFound);
  await assert.rejects(server.get('/api/v1/cameras', { limit: 0 }), (error) => error.errors[0].field === 'limit');
  const { version } = await server.camera(camera.id);
  await assert.rejects(server.changeCamera(camera.id, { group: 'East' }, version + 1), nxvms.Changed);
  await assert.rejects(new nxvms.Client(URL).me(), nxvms.Unauthenticated);
});
