// SPDX-License-Identifier: Apache-2.0
// Exports of the mock server: one in each state, those that are ordered are made within seconds.

const BASE = '/api/v1/exports';
const MEBI = 1 << 20;
const MADE_MS = 20_000;
const EXPECTED = 180 * MEBI;
const iso = (ms) => new Date(ms).toISOString();
const camera = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

let jobs = [
  job(1, { state: 'running', beganMs: Date.now() - MADE_MS / 3, reason: 'Case 2026-17, police station 4' }),
  job(2, { cameraIds: [camera(1), camera(2), camera(3), camera(4), camera(5)], createdBy: 'olga' }),
  job(3, { state: 'done', form: 'chunks', reason: 'Insurance' }),
  job(4, {
    state: 'failed',
    cameraIds: [camera(5)],
    detail:
      'The disk of /var/lib/nxvms/exports is full: 2147483648 bytes are free, of which 2952790016 stay free, since' +
      ' footage is recorded on it too. Make room or remove exports, and order again.',
  }),
];

function job(n, extra) {
  const now = Date.now();
  return {
    id: camera(700 + n),
    state: 'waiting',
    cameraIds: [camera(n)],
    from: iso(now - 3 * 3600_000),
    to: iso(now - 2 * 3600_000 - 1000),
    stream: 'main',
    form: 'mp4',
    reason: '',
    createdBy: 'admin',
    created: iso(now - n * 60_000),
    ...extra,
  };
}

function shown({ beganMs, ...one }) {
  const part = one.state === 'done' ? 1 : beganMs ? Math.min(1, (Date.now() - beganMs) / MADE_MS) : 0;
  const done = part === 1;
  return {
    ...one,
    state: done ? 'done' : one.state,
    bytesDone: Math.round(part * EXPECTED),
    bytesExpected: EXPECTED,
    ...(beganMs && !done ? { remainingSeconds: Math.ceil(((1 - part) * MADE_MS) / 1000) } : {}),
    ...(done ? { expires: iso(Date.now() + 72 * 3600_000), url: `/media/v1/exports/${one.id}` } : {}),
  };
}

/** Answers what is asked of exports; says whether it was that. */
export function exports(method, path, body, json) {
  if (path === BASE && method === 'GET') {
    json(200, { items: jobs.map(shown) });
  } else if (path === BASE && method === 'POST') {
    const made = job(jobs.length + 1, { ...body, state: 'running', beganMs: Date.now() });
    jobs = [made, ...jobs];
    json(201, shown(made));
  } else if (path.startsWith(`${BASE}/`) && method === 'DELETE') {
    jobs = jobs.filter(({ id }) => !path.endsWith(id));
    json(204);
  } else {
    return false;
  }
  return true;
}
