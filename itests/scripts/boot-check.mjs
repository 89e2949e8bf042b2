// SPDX-License-Identifier: Apache-2.0
// Does: waits until a server is ready, then polls what must stay reachable and reports the first fault of each kind.
// Does not: start or stop the server. Called by boot-check.sh; the password of admin comes on standard input.
//   node boot-check.mjs HTTP_PORT READY_WITHIN_SECONDS SECONDS
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const [port, readyWithin, seconds] = process.argv.slice(2).map(Number);
const password = readFileSync(0, 'utf8').trim();
const base = `http://127.0.0.1:${port}`;
const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));
const started = Date.now();

async function health() {
  try {
    const response = await fetch(`${base}/api/v1/health`, { signal: AbortSignal.timeout(2000) });
    return (await response.json()).ready === true;
  } catch {
    return false;
  }
}

while (!(await health())) {
  if (Date.now() - started > readyWithin * 1000) {
    console.error(`not ready after ${readyWithin} s`);
    process.exit(1);
  }
  await pause(50);
}
console.log(`ready after ${((Date.now() - started) / 1000).toFixed(1)} s`);

const login = await fetch(`${base}/api/v1/auth/login`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ username: 'admin', password }),
});
if (login.status !== 200) {
  console.error(`login answered ${login.status}: ${await login.text()}`);
  process.exit(1);
}
const token = (await login.json()).accessToken;
const nobody = '00000000-0000-4000-8000-000000000000';

// What each address must answer; the wrong ids show that the capability behind it was reached.
const questions = [
  ['/api/v1/health', 200],
  ['/api/v1/cameras', 200],
  ['/api/v1/drivers', 200],
  ['/api/v1/users', 200],
  ['/api/v1/auth/me', 200],
  ['/api/v1/storage/volumes', 200],
  ['/api/v1/openapi.json', 200],
  [`/api/v1/timeline?cameras=${nobody}&from=0&to=1000&buckets=1`, 200, 404],
  ['/media/v1/segments/1', 401, 404],
  ['/console/', 200],
  ['/', 302],
  ['/metrics', 200],
];

/** Status of a WebSocket upgrade with credentials, as the first line of the answer says. */
function upgrade() {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `GET /ws/v1/live/${nobody}?stream=main HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n` +
          'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      ),
    );
    socket.setTimeout(5000, () => socket.destroy(new Error('no answer in 5 s')));
    socket.once('data', (bytes) => {
      answer(Number(/^HTTP\/1\.1 (\d{3})/.exec(bytes.toString('latin1'))?.[1] ?? 0));
      socket.destroy();
    });
    socket.once('error', (e) => answer(`failed: ${e.message}`));
  });
}

const faults = new Map();
let asked = 0;
function expect(what, got, wanted) {
  asked++;
  if (!wanted.includes(got)) {
    const first = faults.get(`${what} ${got}`) ?? { at: (Date.now() - started) / 1000, times: 0 };
    faults.set(`${what} ${got}`, { ...first, times: first.times + 1 });
  }
}

const end = Date.now() + seconds * 1000;
while (Date.now() < end) {
  const round = pause(50);
  await Promise.all([
    ...questions.map(async ([path, ...wanted]) => {
      let got;
      try {
        const response = await fetch(base + path, {
          headers: { Authorization: `Bearer ${token}` },
          redirect: 'manual',
          signal: AbortSignal.timeout(10_000),
        });
        // Our own "there is no such thing" is JSON; a 404 of the web server means that nobody is at home.
        const ours = response.headers.get('content-type')?.includes('json');
        got = response.status === 404 && !ours ? '404 of the web server' : response.status;
        await response.arrayBuffer();
      } catch (e) {
        got = `failed: ${e.cause?.message ?? e.message}`;
      }
      expect(path, got, wanted);
    }),
    upgrade().then((got) => expect('/ws/v1/live', got, [101])),
  ]);
  await round;
}

for (const [fault, { at, times }] of faults) console.error(`${fault}: first ${at.toFixed(1)} s after start, ${times} times`);
console.log(`${asked} answers, ${faults.size} kinds of fault`);
process.exit(faults.size === 0 ? 0 : 1);
