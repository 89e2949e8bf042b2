// SPDX-License-Identifier: Apache-2.0
import { reportReachable, reportUnreachable } from './connection';
import { ApiProblem, NetworkProblem } from './problem';
import { serverClock } from './serverClock';
import { awaitLogin, csrfToken, refresh } from './session';

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Sent as it is, in the place of `body`. */
  text?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const TAGS_MAX = 100;

/** ETags of what was read by itself, by path: a change of it is made upon that and nothing newer (RFC 9110 13.1.1). */
const tags = new Map<string, string>();

function remember(path: string, method: string, response: Response): void {
  const tag = response.headers.get('ETag');
  const known = tags.has(path);
  if (!tag || !response.ok || path.includes('?') || (method !== 'GET' && !known)) {
    return;
  }
  tags.delete(path);
  tags.set(path, tag);
  const [oldest] = tags.keys();
  if (oldest !== undefined && tags.size > TAGS_MAX) {
    tags.delete(oldest);
  }
}

/**
 * One request with the session's cookie. A 401 leads to one refresh and a second try; if that fails too, the request
 * waits for the user to sign in again. A 503 with `Retry-After` is left to the caller.
 */
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  let response = await send(path, options);
  if (response.status === 401) {
    if (!(await refresh())) {
      await awaitLogin(options.signal);
    }
    response = await send(path, options);
  }
  if (!response.ok) {
    throw await ApiProblem.from(response);
  }
  return response;
}

/** Of what may not be there yet: null where the server has nothing to say (204), which is no refusal. */
export async function getJsonOrNull<T>(path: string, signal?: AbortSignal): Promise<T | null> {
  const response = await request(path, { signal });
  return response.status === 204 ? null : ((await response.json()) as T);
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, { signal });
  return (await response.json()) as T;
}

export async function sendJson<T>(
  method: 'POST' | 'PUT' | 'PATCH',
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<T> {
  const response = await request(path, {
    method,
    body,
    headers: { 'Content-Type': 'application/json', ...headers },
    signal,
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  const tag = method === 'PATCH' ? tags.get(path) : undefined;
  if (tag && !headers['If-Match']) {
    headers['If-Match'] = tag;
  }
  const csrf = method === 'GET' ? undefined : csrfToken();
  if (csrf) {
    headers['X-NXvms-CSRF'] = csrf;
  }
  const sentMs = Date.now();
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
      signal: options.signal,
      credentials: 'same-origin',
    });
    if (response.ok || response.headers.get('Content-Type')?.includes('json')) {
      reportReachable();
    }
    remember(path, method, response);
    const serverMs = Number(response.headers.get('X-NXvms-Server-Time'));
    serverClock.sample(serverMs, sentMs, Date.now());
    return response;
  } catch (cause) {
    if (options.signal?.aborted) {
      throw cause;
    }
    reportUnreachable();
    throw new NetworkProblem(cause);
  }
}
