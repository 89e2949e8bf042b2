// SPDX-License-Identifier: Apache-2.0
// A stand-in for the server while the console is developed: the REST, media and WebSocket shapes of
// docs/design/rest.md over generated footage. Serves the built console too. Never part of the product.
// User "admin", password "admin" ("first" with a forced change: user "new").

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer } from 'ws';
import { atDecodeTime, FPS, FRAMES, loadMedia, prft, timescaleOf } from './media.mjs';
import { control, device } from './mock-control.mjs';
import { exports } from './mock-exports.mjs';

const PORT = Number(process.env.PORT ?? 18800);
const CODECS = 'avc1.4D401F';
const SEGMENT_MS = (FRAMES / FPS) * 1000;
const BORN_MS = Math.floor(Date.now() / SEGMENT_MS) * SEGMENT_MS - 3 * 3600_000;
const GAPS = [
  {
    start: BORN_MS + 130 * 60_000,
    end: BORN_MS + 135 * 60_000,
    cause: 'camera_unreachable',
    detail: 'no route to host',
  },
  { start: BORN_MS + 60 * 60_000, end: BORN_MS + 61 * 60_000, cause: 'server_down', detail: '' },
];
const media = await loadMedia();
const sessions = new Map();
const passwords = new Map([
  ['admin', 'admin'],
  ['new', 'first'],
]);
const id = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const iso = (ms) => new Date(ms).toISOString();

let cameras = Array.from({ length: Number(process.env.CAMERAS ?? 18) }, (_, n) => ({
  id: id(n + 1),
  version: 1,
  name:
    ['Gate north', 'Gate south', 'Car park', 'Reception', 'Stairwell', 'Warehouse'][n % 6] +
    (n < 6 ? '' : ` ${1 + Math.floor(n / 6)}`),
  driver: 'rtsp',
  address: `rtsp://127.0.0.1:8554/camera-${n + 1}`,
  subAddress: `rtsp://127.0.0.1:8554/camera-${n + 1}/sub`,
  hasPassword: false,
  enabled: n !== 11,
  group: ['Outside', 'Inside', undefined][n % 3],
  settings: {},
  serverId: id(999),
  recording: { mode: n === 7 ? 'off' : 'continuous', streams: ['main'], retentionDaysMax: 30 },
  created: iso(BORN_MS),
  updated: iso(BORN_MS),
}));

function statusOf(camera) {
  const n = cameras.indexOf(camera);
  let state = camera.enabled ? (camera.recording.mode === 'off' ? 'live' : 'recording') : 'disabled';
  let cause;
  let detail;
  if (camera.enabled && n === 4) {
    [state, cause, detail] = [
      'offline',
      'camera_unreachable',
      'Connection refused by 192.0.2.14:554; next try in 8 s',
    ];
  } else if (camera.enabled && n === 9) {
    [state, cause, detail] = ['unauthorized', 'auth', 'The camera refuses the user name or password'];
  } else if (camera.enabled && n === 10) {
    [state, cause, detail] = ['not_recording', 'disk_full', 'No volume has room above its reserve'];
  }
  const on = ['recording', 'live', 'not_recording'].includes(state);
  const stream = (role, width, height, rate) => ({
    role,
    name: role,
    state,
    ...(cause ? { cause } : {}),
    codecs: CODECS,
    width,
    height,
    frameRate: FPS,
    bitrateBps: on ? rate : 0,
    framesPerSecond: on ? FPS : 0,
  });
  return {
    state,
    ...(cause ? { cause, detail } : {}),
    since: iso(BORN_MS),
    driverPresent: true,
    device,
    streams: [stream('main', 1280, 720, 3e6), stream('sub', 640, 360, 5e5)],
  };
}

const shown = (camera) => ({ ...camera, permissions: PERMISSIONS, status: statusOf(camera) });

function segments() {
  const list = [];
  for (let start = BORN_MS; start < Date.now(); start += SEGMENT_MS) {
    const gap = GAPS.some((g) => start < g.end && start + SEGMENT_MS > g.start);
    if (!gap) {
      const fragments = fragmentsOf(start);
      const last = fragments[fragments.length - 1];
      if (last) {
        const end = last.startMs + last.durationMs;
        list.push({
          id: `s${start}`,
          start: iso(start),
          end: iso(end),
          startMs: start,
          durationMs: end - start,
          codecs: CODECS,
          initId: 'archive',
          bytes: last.offset + last.length,
          width: 1280,
          height: 720,
          hasAudio: false,
          open: end === last.startMs + last.durationMs && start + SEGMENT_MS > Date.now(),
          runId: `r${start}`,
          sequence: 0,
        });
      }
    }
  }
  return list;
}

function fragmentsOf(start) {
  const gopMs = (50 / FPS) * 1000;
  return media.archive.fragments
    .map((fragment, n) => ({
      startMs: start + n * gopMs,
      durationMs: gopMs,
      ...fragment,
      key: true,
      frames: 50,
    }))
    .filter((fragment) => fragment.startMs + fragment.durationMs <= Date.now());
}

// ---- HTTP

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; worker-src 'self' blob:; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

function cookies(request) {
  return Object.fromEntries((request.headers.cookie ?? '').split('; ').map((pair) => pair.split('=')));
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://x');
  let text = '';
  for await (const part of request) {
    text += part;
  }
  const body = text ? JSON.parse(text) : undefined;
  const json = (status, value, headers = {}) => {
    response.writeHead(status, {
      'Content-Type': status >= 400 && value?.title ? 'application/problem+json' : 'application/json',
      'X-NXvms-Server-Time': String(Date.now()),
      'Cache-Control': 'no-store',
      ...headers,
    });
    response.end(value === undefined ? undefined : JSON.stringify(value));
  };
  const problem = (status, kind, title, detail, errors) =>
    json(status, { type: `/problems/${kind}`, title, status, detail, ...(errors ? { errors } : {}) });
  const user = sessions.get(cookies(request).nxvms_session);

  if (url.pathname === '/' || url.pathname === '/console') {
    response.writeHead(302, { Location: '/console/' }).end();
    return;
  }
  if (url.pathname.startsWith('/console/')) {
    serveConsole(url.pathname.slice('/console'.length), response);
    return;
  }
  if (url.pathname === '/api/v1/auth/login') {
    if (passwords.get(body.username) !== body.password) {
      problem(401, 'unauthenticated', 'Not signed in', 'User name or password is wrong');
      return;
    }
    signIn(json, body.username, body.username === 'new' && body.password === 'first');
    return;
  }
  if (url.pathname === '/api/v1/health') {
    json(200, health(user));
    return;
  }
  if (url.pathname === '/api/v1/auth/refresh') {
    const old = sessions.get(cookies(request).nxvms_refresh);
    if (!old) {
      problem(401, 'unauthenticated', 'Not signed in', '');
    } else {
      signIn(json, old.username, old.mustChangePassword);
    }
    return;
  }
  if (!user) {
    problem(401, 'unauthenticated', 'Not signed in', 'Sign in first');
    return;
  }
  if (request.method !== 'GET' && request.headers['x-nxvms-csrf'] !== 'token') {
    problem(403, 'csrf', 'Refused', 'The CSRF header is missing');
    return;
  }
  route(request, response, url, body, user, json, problem);
});

/** What the console shows controls for; an administrator has it all. */
const PERMISSIONS = [
  'bookmark',
  'control_imaging',
  'control_io',
  'control_ptz',
  'control_recording',
  'delete_footage',
  'export',
  'listen',
  'lock_evidence',
  'manage_cameras',
  'manage_plugins',
  'manage_storage',
  'manage_users',
  'talk',
  'view_configuration',
];

function signIn(json, username, mustChangePassword) {
  const session = {
    id: `user-${username}`,
    username,
    role: 'administrator',
    mustChangePassword,
    mustEnrolSecondFactor: false,
    permissions: PERMISSIONS,
  };
  const token = `t${Math.random()}`;
  sessions.set(token, session);
  json(
    200,
    { expiresInSeconds: Number(process.env.SESSION_SECONDS ?? 900), mustChangePassword, user: session },
    {
      'Set-Cookie': [
        `nxvms_session=${token}; HttpOnly; Path=/; SameSite=Strict`,
        `nxvms_refresh=${token}; HttpOnly; Path=/api/v1/auth; SameSite=Strict`,
        'nxvms_csrf=token; Path=/; SameSite=Strict',
      ],
    },
  );
}

function serveConsole(path, response) {
  let file = normalize(path);
  if (file === '/' || extname(file) === '') {
    file = '/index.html';
  }
  try {
    const bytes = readFileSync(join('dist', file));
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': CSP,
    });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

function health(user) {
  const parts = [
    { name: 'database', status: 'up', figures: { connections: 4, lastWriteMs: 2 } },
    {
      name: 'storage',
      status: 'degraded',
      detail: 'Volume "archive" is 93 % full; retention will delete the oldest footage.',
      figures: { freeBytes: 73e9, writtenBps: 48e6 },
    },
    { name: 'recorder', status: 'up', figures: { cameras: 15, queuedBytes: 1.2e6 } },
    { name: 'streamhub', status: 'up', figures: { streams: 34, readers: 41 } },
  ];
  return user
    ? {
        status: 'degraded',
        ready: true,
        serverId: id(999),
        serverName: 'Site A',
        version: '0.1.0',
        uptimeSeconds: Math.floor(process.uptime()),
        parts,
      }
    : {
        status: 'degraded',
        ready: true,
        version: '0.1.0',
        parts: parts.map(({ name, status }) => ({ name, status })),
      };
}

function route(request, response, url, body, user, json, problem) {
  const path = url.pathname;
  const query = url.searchParams;
  let match;
  if (exports(request.method, path, body, json)) {
    return;
  }
  if (path === '/api/v1/auth/me') {
    json(200, user);
  } else if (path === '/api/v1/auth/logout') {
    sessions.clear();
    json(204);
  } else if (path === '/api/v1/auth/password') {
    if (passwords.get(user.username) !== body.currentPassword) {
      problem(401, 'unauthenticated', 'Not signed in', 'The current password is wrong');
    } else if (body.newPassword.length < 8) {
      problem(422, 'validation', 'Cannot work', '', [
        { field: 'newPassword', detail: 'at least 8 characters' },
      ]);
    } else {
      passwords.set(user.username, body.newPassword);
      json(204);
    }
  } else if (path === '/api/v1/cameras' && request.method === 'GET') {
    json(200, { items: cameras.map(shown) });
  } else if (path === '/api/v1/cameras/probe') {
    setTimeout(() => probe(body, json, problem), 700);
  } else if (path === '/api/v1/cameras' && request.method === 'POST') {
    if (cameras.some((camera) => camera.name === body.name)) {
      problem(422, 'validation', 'Cannot work', '', [
        { field: 'name', detail: `there is already a camera "${body.name}"` },
      ]);
      return;
    }
    const recording = { mode: 'continuous', streams: ['main'], retentionDaysMax: 30, ...body.recording };
    const camera = {
      ...cameras[0],
      ...body,
      recording,
      id: id(Date.now() % 1e12),
      version: 1,
      hasPassword: Boolean(body.password),
    };
    cameras.push(camera);
    json(201, shown(camera));
  } else if (path === '/api/v1/drivers') {
    json(200, {
      items: [
        {
          id: 'rtsp',
          name: 'RTSP',
          vendor: 'NXvms',
          version: '0.1.0',
          bundle: 'x',
          addressHint: 'rtsp://camera.example:554/stream1',
          addressSchemes: ['rtsp'],
          hasSubAddress: true,
          cameras: cameras.length,
        },
      ],
    });
  } else if (
    path.startsWith('/api/v1/plugins') ||
    /^\/api\/v1\/cameras\/[^/]+\/(ptz|imaging|device|talk)/.test(path)
  ) {
    const answer = control(request.method, path, body, cameras[0]?.id);
    if (answer) {
      json(...answer);
    } else {
      problem(404, 'not-found', 'Not found', path);
    }
  } else if ((match = /^\/api\/v1\/cameras\/([^/]+)$/.exec(path))) {
    changeCamera(request, match[1], body, json, problem);
  } else if (path === '/api/v1/timeline') {
    timeline(query, json);
  } else if ((match = /^\/api\/v1\/archive\/([^/]+)\/segments$/.exec(path))) {
    const [from, to, limit] = ['from', 'to', 'limit'].map((name) => Number(query.get(name)));
    const items = segments().filter((s) => s.startMs < to && s.startMs + s.durationMs > from);
    json(200, { items: items.slice(0, limit || 200) });
  } else if ((match = /^\/api\/v1\/archive\/segments\/s(\d+)\/index$/.exec(path))) {
    const start = Number(match[1]);
    const open = start + SEGMENT_MS > Date.now();
    json(200, {
      segmentId: `s${start}`,
      initId: 'archive',
      codecs: CODECS,
      startMs: start,
      open,
      fragments: fragmentsOf(start),
    });
  } else if (path.startsWith('/media/v1/init/')) {
    response.writeHead(200, { 'Content-Type': 'video/mp4' }).end(media.archive.init);
  } else if (path.startsWith('/media/v1/segments/')) {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
    const bytes = from ? media.archive.bytes.subarray(Number(from), Number(to) + 1) : media.archive.bytes;
    response.writeHead(from ? 206 : 200, { 'Content-Type': 'video/mp4' }).end(bytes);
  } else {
    problem(404, 'not-found', 'Not found', path);
  }
}

function probe(body, json, problem) {
  if (/refused|closed/.test(body.address)) {
    problem(
      422,
      'camera-unreachable',
      'The camera cannot be reached',
      'Connection refused by 127.0.0.1:1; check address and port',
    );
  } else if (/secret/.test(body.address) && !body.password) {
    problem(
      422,
      'camera-auth',
      'Credentials refused',
      'The camera asks for a user name and password (Digest)',
    );
  } else {
    json(200, {
      identity: { manufacturer: 'Example', model: 'SC-1080', firmware: '1.4.2' },
      streams: [
        {
          role: 'main',
          name: 'main',
          codecs: `${CODECS},mp4a.40.2`,
          width: 1920,
          height: 1080,
          frameRate: 25,
          hasAudio: true,
          firstKeyFrameMs: 412,
        },
        {
          role: 'sub',
          name: 'sub',
          codecs: CODECS,
          width: 640,
          height: 360,
          frameRate: 15,
          hasAudio: false,
          firstKeyFrameMs: 390,
        },
      ],
      durationMs: 1320,
    });
  }
}

function changeCamera(request, cameraId, body, json, problem) {
  const camera = cameras.find((candidate) => candidate.id === cameraId);
  if (!camera) {
    problem(404, 'not-found', 'No such camera', '');
  } else if (request.method === 'DELETE') {
    cameras = cameras.filter((candidate) => candidate !== camera);
    json(204);
  } else if (request.method === 'PATCH') {
    if (request.headers['if-match'] !== `"${camera.version}"`) {
      problem(412, 'precondition-failed', 'Changed meanwhile', 'Read the camera again');
      return;
    }
    Object.assign(camera, body, { version: camera.version + 1 });
    json(200, shown(camera));
  } else {
    json(200, shown(camera));
  }
}

function timeline(query, json) {
  const from = Number(query.get('from'));
  const to = Number(query.get('to'));
  const bucketMs = Math.max(1, Math.ceil((to - from) / Number(query.get('buckets'))));
  const spans = [];
  for (const { startMs, durationMs } of segments()) {
    const last = spans[spans.length - 1];
    if (last && startMs - last[1] <= bucketMs) {
      last[1] = startMs + durationMs;
    } else {
      spans.push([startMs, startMs + durationMs]);
    }
  }
  const cameraIds = query.get('cameras').split(',');
  json(200, {
    from,
    to,
    bucketMs,
    cameras: cameraIds.map((cameraId) => ({
      cameraId,
      spans: spans.filter(([start, end]) => start < to && end > from),
      gaps: GAPS.filter((gap) => gap.start < to && gap.end > from),
      first: BORN_MS,
      last: Date.now(),
    })),
    bookmarks: [],
    bookmarksLeftOut: false,
  });
}

// ---- live

const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, socket, head) => {
  const url = new URL(request.url, 'http://x');
  const match = /^\/ws\/v1\/live\/([^/]+)$/.exec(url.pathname);
  if (!match || !sessions.get(cookies(request).nxvms_session)) {
    socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, socket, head, (client) =>
    live(client, match[1], url.searchParams.get('stream')),
  );
});

function live(client, cameraId, stream) {
  const camera = cameras.find((candidate) => candidate.id === cameraId);
  if (!camera) {
    client.close(4404, 'there is no such camera');
    return;
  }
  const status = statusOf(camera);
  const ping = setInterval(
    () => client.send(JSON.stringify({ type: 'ping', serverTimeMs: Date.now() })),
    5000,
  );
  client.on('close', () => clearInterval(ping));
  if (['offline', 'unauthorized', 'disabled'].includes(status.state)) {
    client.send(
      JSON.stringify({ type: 'waiting', cause: status.cause ?? 'disabled', detail: status.detail ?? '' }),
    );
    return;
  }
  const source = stream === 'sub' ? media.sub : media.main;
  const [width, height] = stream === 'sub' ? [640, 360] : [1280, 720];
  const ticksPerFrame = timescaleOf(source.init) / FPS;
  const send = (n) => {
    const ticks = (n - first) * ticksPerFrame + 90_000_000;
    const capture = BORN_MS + (n * 1000) / FPS;
    client.send(
      Buffer.concat([prft(capture, ticks), atDecodeTime(source.bytes, source.fragments[n % FRAMES], ticks)]),
    );
  };
  const newest = () => Math.floor(((Date.now() - BORN_MS) * FPS) / 1000);
  const first = newest() - (newest() % 50);
  client.send(
    JSON.stringify({
      type: 'init',
      codecs: CODECS,
      width,
      height,
      initId: stream,
      run: 1,
      hasAudio: false,
      stream,
      serverTimeMs: Date.now(),
    }),
  );
  client.send(source.init);
  let next = first;
  const pump = () => {
    while (next <= newest()) {
      send(next++);
    }
  };
  pump();
  const timer = setInterval(pump, 10);
  client.on('close', () => clearInterval(timer));
}

server.listen(PORT, '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}/console/`));
