// SPDX-License-Identifier: Apache-2.0
import { reportReachable, reportUnreachable } from './connection';
import { ApiProblem, NetworkProblem } from './problem';
import { awaitLogin, csrfToken, refresh } from './session';

export interface UploadOptions {
  /** @param share of the file that has left the browser, 0..1 */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Sends a file as it is. By XMLHttpRequest, since fetch does not tell how far an upload is. */
export async function upload<T>(path: string, file: Blob, options: UploadOptions = {}): Promise<T> {
  let answer = await send(path, file, options);
  if (answer.status === 401) {
    if (!(await refresh())) {
      await awaitLogin(options.signal);
    }
    // Given up meanwhile: who listens to a signal that was given already hears nothing.
    options.signal?.throwIfAborted();
    answer = await send(path, file, options);
  }
  if (!answer.ok) {
    throw await ApiProblem.from(answer);
  }
  return (await answer.json()) as T;
}

function send(path: string, file: Blob, { onProgress, signal }: UploadOptions): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    const csrf = csrfToken();
    if (csrf) {
      request.setRequestHeader('X-NXvms-CSRF', csrf);
    }
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable && event.total > 0) {
        onProgress?.(event.loaded / event.total);
      }
    });
    request.addEventListener('load', () => {
      reportReachable();
      const headers = new Headers();
      for (const name of ['Content-Type', 'Retry-After']) {
        const value = request.getResponseHeader(name);
        if (value !== null) {
          headers.set(name, value);
        }
      }
      resolve(
        new Response(request.responseText, {
          status: request.status,
          statusText: request.statusText,
          headers,
        }),
      );
    });
    request.addEventListener('error', () => {
      reportUnreachable();
      reject(new NetworkProblem(undefined));
    });
    request.addEventListener('abort', () => reject(signal?.reason ?? new Error('given up')));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
