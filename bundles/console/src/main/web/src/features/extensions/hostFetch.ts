// SPDX-License-Identifier: Apache-2.0
import { awaitLogin, csrfToken, refresh } from '../../api/session';

const OPEN = ['/api/v1/', '/media/v1/'];
const READING = new Set(['GET', 'HEAD']);

/** The browser's `fetch` for this server's interfaces, signed in as the user. */
export async function hostFetch(base: string, path: string, init: RequestInit = {}): Promise<Response> {
  const url = new URL(path, location.origin);
  if (url.origin !== location.origin || ![...OPEN, base].some((open) => url.pathname.startsWith(open))) {
    throw new TypeError(`An extension fetches below ${OPEN.join(', ')} and ${base}, not ${path}`);
  }
  let response = await send(url, init);
  // What was read from a stream is gone and cannot be sent again.
  if (response.status === 401 && !(init.body instanceof ReadableStream)) {
    if (!(await refresh())) {
      await awaitLogin(init.signal ?? undefined);
    }
    response = await send(url, init);
  }
  return response;
}

function send(url: URL, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  const csrf = READING.has((init.method ?? 'GET').toUpperCase()) ? undefined : csrfToken();
  if (csrf) {
    headers.set('X-NXvms-CSRF', csrf);
  }
  return fetch(url, { ...init, headers, credentials: 'same-origin' });
}
