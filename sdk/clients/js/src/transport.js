// SPDX-License-Identifier: Apache-2.0
import { NXvmsError, problemOf, ServerUnreachable } from './errors.js';

/** Requests over HTTP. Does not know of sessions, and repeats nothing. */
export class Transport {
  constructor(url, timeoutMs) {
    const parts = URL.canParse(url) ? new URL(url) : undefined;
    if (!parts || !/^https?:$/.test(parts.protocol) || parts.username || parts.password) {
      throw new NXvmsError(`"${url}" is no address of a server: expected such as https://nvr.example:8443`);
    }
    this.base = url.replace(/\/+$/, '');
    this.timeoutMs = timeoutMs;
  }

  /**
   * @returns the answer, its body unread; the time limit is that of its head
   * @throws Problem for anything that is no success
   */
  async open(method, path, { body, query = {}, headers = {}, signal } = {}) {
    const url = new URL(this.base + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) {
        url.searchParams.set(name, word(value));
      }
    }
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs);
    const follow = () => late.abort(signal.reason);
    if (signal?.aborted) {
      follow();
    }
    signal?.addEventListener('abort', follow);
    let response;
    try {
      response = await fetch(url, {
        method,
        headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
        // The server sends none: one that comes would carry the credentials elsewhere.
        redirect: 'manual',
        // Read after the timer has ended, the body still hears the caller's signal.
        signal: late.signal,
      });
    } catch (cause) {
      signal?.removeEventListener('abort', follow);
      if (signal?.aborted) {
        throw signal.reason;
      }
      throw new ServerUnreachable(`${method} ${this.base}${path}: ${cause.cause?.message ?? cause.message}`, { cause });
    } finally {
      clearTimeout(timer);
    }
    if (!response.ok) {
      signal?.removeEventListener('abort', follow);
      throw await problemOf(response);
    }
    return response;
  }
}

function word(value) {
  if (value instanceof Date) {
    return String(value.getTime());
  }
  return Array.isArray(value) ? value.map(word).join(',') : String(value);
}
