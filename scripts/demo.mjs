// SPDX-License-Identifier: Apache-2.0
// Does: adds the simulated cameras to a running server over REST, if they are not there, limits the footage of a server
// that had no camera, and waits until all record that are to. Does not: change anything else; add again what somebody has
// removed. Called by ./nxvms run; the password comes on standard input.
//   node demo.mjs API_BASE SIMULATOR_LOG ADDED SECONDS_MAX
// ADDED: a file that keeps the addresses of cameras that were there once.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

const [api, log, added] = process.argv.slice(2);
// Two and a half hours of four simulated cameras, 8 GB an hour.
const FOOTAGE_BYTES_MAX = 20e9;
const secondsMax = Number(process.argv[5]);
// The simulator says "camera 1 main rtsp://127.0.0.1:18554/cam/1/main phaseMs=0" for each stream.
const cameras = new Map();
for (const [, n, role, url] of readFileSync(log, 'utf8').matchAll(/^camera (\d+) (main|sub) (\S+)/gm)) {
  cameras.set(Number(n), { ...cameras.get(Number(n)), [role]: url });
}
const password = readFileSync(0, 'utf8').trim();
let token = '';

async function call(method, path, body) {
  const response = await fetch(api + path, {
    method,
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'Content-Type': 'application/json' } : {}),
    },
    body: body ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (!response.ok) {
    const problem = text.startsWith('{') ? JSON.parse(text) : {};
    throw Object.assign(new Error(`${method} ${path}: ${response.status} ${problem.detail ?? problem.title ?? text}`), {
      status: response.status,
    });
  }
  return text ? JSON.parse(text) : {};
}

// A capability may be swapped or still starting: 503 and connection errors are worth another try.
async function patiently(action) {
  const end = Date.now() + secondsMax * 1000;
  for (;;) {
    try {
      return await action();
    } catch (e) {
      if ((e.status && e.status !== 503 && e.status !== 404) || Date.now() > end) throw e;
      await new Promise((wake) => setTimeout(wake, 500));
    }
  }
}

const tty = process.stdout.isTTY;
const show = (line) => process.stdout.write(tty ? `\r\u001b[K${line}` : `${line}\n`);

// Simulated cameras of a new data folder shall not fill the disk; a limit that somebody set is left alone.
async function boundFootage() {
  const main = (await patiently(() => call('GET', '/storage/volumes'))).items.find((volume) => volume.name === 'main');
  if (!main || main.quotaBytes !== undefined || main.segments !== 0) return;
  await patiently(() => call('PATCH', '/storage/volumes/main', { quotaBytes: FOOTAGE_BYTES_MAX }));
  console.log(
    `Footage is limited to ${FOOTAGE_BYTES_MAX / 1e9} GB here, the oldest goes first; take quotaBytes out of ` +
      'etc/org.nxvms.storage.file-main.cfg in the data folder to use the whole disk',
  );
}

try {
  token = (await patiently(() => call('POST', '/auth/login', { username: 'admin', password }))).accessToken;
} catch (e) {
  if (e.status !== 401) throw e;
  console.log(
    'admin has another password than the one this script knows: it was changed, or the data folder is older than ' +
      'NXVMS_ADMIN_PASSWORD. Simulated cameras are not added.',
  );
  process.exit(0);
}

const known = (await patiently(() => call('GET', '/cameras?limit=1000'))).items;
if (known.length === 0) await boundFootage();
const once = new Set(existsSync(added) ? readFileSync(added, 'utf8').split('\n') : []);
const there = [];
let removed = 0;
for (const [n, urls] of cameras) {
  const found = known.find((camera) => camera.address === urls.main);
  if (!found && once.has(urls.main)) {
    removed++;
    continue;
  }
  there.push(
    found ??
      (await patiently(() =>
        call('POST', '/cameras', {
          name: `Simulated camera ${String(n).padStart(2, '0')}`,
          driver: 'rtsp',
          address: urls.main,
          subAddress: urls.sub,
          group: 'Simulation',
        }),
      )),
  );
  if (!once.has(urls.main)) appendFileSync(added, `${urls.main}\n`);
  show(`Cameras known: ${there.length} of ${cameras.size}`);
}
if (removed > 0) {
  if (tty && there.length > 0) process.stdout.write('\n');
  console.log(
    `Simulated cameras that were removed from the server and are not added again: ${removed}. ` +
      `They come back at the next run when ${added} is deleted.`,
  );
}

// Who switched one off, or has it recorded at times only, wants it so.
const always = ({ enabled, recording }) => enabled && recording.mode === 'continuous' && !recording.streamModes;
const ids = new Set(there.filter(always).map((camera) => camera.id));
const end = Date.now() + secondsMax * 1000;
let shown = '';
for (;;) {
  const now = (await patiently(() => call('GET', '/cameras?limit=1000'))).items.filter((c) => ids.has(c.id));
  const recording = now.filter((c) => c.status.state === 'recording').length;
  const line = `Cameras recording: ${recording} of ${ids.size}`;
  if (line !== shown) show((shown = line));
  if (recording === ids.size) break;
  if (Date.now() > end) {
    if (tty) process.stdout.write('\n');
    for (const c of now.filter((x) => x.status.state !== 'recording')) {
      console.error(`${c.name}: ${c.status.state} ${c.status.cause ?? ''} ${c.status.detail ?? ''}`);
    }
    console.error(`Not all cameras record after ${secondsMax} s.`);
    process.exit(1);
  }
  await new Promise((wake) => setTimeout(wake, 250));
}
if (tty) process.stdout.write('\n');
