// SPDX-License-Identifier: Apache-2.0
import { EventsEnded, NXvmsError, ServerUnreachable, Unauthenticated } from './errors.js';
import { follow } from './events.js';
import { pieceOf, writeFiles, writePackage } from './footage.js';
import { Session } from './session.js';
import { Transport } from './transport.js';

const TIMEOUT_MS = 30_000;
const millis = (moment) => (typeof moment === 'number' ? moment : new Date(moment).getTime());
const part = encodeURIComponent;
/** Between two questions how far an export is. */
const EXPORT_ASKED_MS = 500;

/** One server, as one user. What each member does is said in index.d.ts. */
export class Client {
  #transport;
  #session;

  constructor(url, { apiKey, timeoutMs = TIMEOUT_MS } = {}) {
    this.#transport = new Transport(url, timeoutMs);
    this.#session = new Session(this.#transport, apiKey);
  }

  login(username, password, totp) {
    return this.#session.login(username, password, totp);
  }

  logout() {
    return this.#session.logout();
  }

  me() {
    return this.get('/api/v1/auth/me');
  }

  get(path, query, signal) {
    return this.#json('GET', path, { query, signal });
  }

  post(path, body, { query, idempotencyKey, signal } = {}) {
    const headers = idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {};
    return this.#json('POST', path, { body, query, headers, signal });
  }

  patch(path, changes, { version, signal } = {}) {
    const headers = version === undefined ? {} : { 'If-Match': `"${version}"` };
    return this.#json('PATCH', path, { body: changes, headers, signal });
  }

  delete(path, query, signal) {
    return this.#json('DELETE', path, { query, signal });
  }

  async *items(path, query = {}, signal) {
    let cursor;
    do {
      const page = await this.get(path, { ...query, cursor }, signal);
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  cameras(filter) {
    return this.items('/api/v1/cameras', { filter });
  }

  camera(id) {
    return this.get(`/api/v1/cameras/${part(id)}`);
  }

  addCamera(draft, idempotencyKey) {
    return this.#create('/api/v1/cameras', draft, idempotencyKey);
  }

  changeCamera(id, changes, version) {
    return this.patch(`/api/v1/cameras/${part(id)}`, changes, { version });
  }

  removeCamera(id) {
    return this.delete(`/api/v1/cameras/${part(id)}`);
  }

  async snapshot(id, query = {}) {
    const response = await this.#open('GET', `/api/v1/cameras/${part(id)}/snapshot`, { query });
    return new Uint8Array(await response.arrayBuffer());
  }

  events(query) {
    return this.items('/api/v1/events', query);
  }

  raiseEvent(event, idempotencyKey) {
    return this.#create('/api/v1/events', event, idempotencyKey);
  }

  followEvents({ kinds, cameras, severity, position = '', signal } = {}) {
    const query = { kinds, cameras, severity };
    const ending = (promise) =>
      promise.catch((error) => {
        throw error instanceof Unauthenticated ? new EventsEnded(error.problem, error.detail) : error;
      });
    const connect = (last) => {
      const headers = { Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) };
      return ending(this.#open('GET', '/api/v1/events/stream', { query, headers, signal }));
    };
    // The stream lives as long as its session, which nobody else may be renewing.
    return follow(connect, () => ending(this.#session.token()), position, signal);
  }

  segments(camera, from, to, stream = 'main') {
    return this.items(`/api/v1/archive/${part(camera)}/segments`, { from: millis(from), to: millis(to), stream });
  }

  async download(camera, from, to, folder, { stream = 'main', progress, signal } = {}) {
    const pieces = [];
    for await (const segment of this.segments(camera, from, to, stream)) {
      const index = await this.get(`/api/v1/archive/segments/${part(segment.id)}/index`, undefined, signal);
      const piece = pieceOf(index, millis(from), millis(to));
      if (piece !== undefined) {
        pieces.push(piece);
      }
    }
    const open = (path, headers) => this.#open('GET', path, { headers, signal });
    return await writeFiles(open, pieces, folder, `${camera}-${stream}`, progress, signal);
  }

  async export(cameras, from, to, file, options = {}) {
    const { stream = 'main', form = 'mp4', reason = '', cut, overlay, masks, progress, signal, idempotencyKey } = options;
    // What is left out is not sent.
    const burned = { cut, overlay, masks };
    const draft = { cameraIds: cameras, from: String(millis(from)), to: String(millis(to)), stream, form, reason, ...burned };
    let job = await this.#create('/api/v1/exports', draft, idempotencyKey);
    while (job.state === 'waiting' || job.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, EXPORT_ASKED_MS));
      job = await this.get(`/api/v1/exports/${part(job.id)}`, undefined, signal);
    }
    if (job.state !== 'done') {
      throw new NXvmsError(`export ${job.id} is ${job.state}: ${job.detail ?? ''}`);
    }
    return await writePackage((path, headers) => this.#open('GET', path, { headers, signal }), job, file, progress, signal);
  }

  /** Asked a second time when no answer came: by its key the server knows that it is the same. */
  async #create(path, body, idempotencyKey = crypto.randomUUID()) {
    try {
      return await this.post(path, body, { idempotencyKey });
    } catch (error) {
      if (!(error instanceof ServerUnreachable)) {
        throw error;
      }
    }
    return await this.post(path, body, { idempotencyKey });
  }

  async #json(method, path, request) {
    const response = await this.#open(method, path, request);
    let text;
    try {
      text = await response.text();
    } catch (cause) {
      if (request.signal?.aborted) {
        throw request.signal.reason;
      }
      throw new ServerUnreachable(`${method} ${path}: ${cause.message}`, { cause });
    }
    return text === '' ? undefined : JSON.parse(text);
  }

  async #open(method, path, request) {
    const token = await this.#session.token();
    try {
      return await this.#transport.open(method, path, signed(request, token));
    } catch (error) {
      if (!(error instanceof Unauthenticated) || !(await this.#session.renewed(token))) {
        throw error;
      }
    }
    return await this.#transport.open(method, path, signed(request, await this.#session.token()));
  }
}

function signed(request, token) {
  return token === undefined ? request : { ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } };
}
