// SPDX-License-Identifier: Apache-2.0
import { request } from './client';
import { NetworkProblem } from './problem';

const BUNDLE = '/api/v1/health/support-bundle';

/**
 * The ZIP for who helps with the server, as the server makes it while it is sent; how long it is nobody knows before.
 *
 * @param onBytes told how many have come
 */
export async function supportBundle(
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<{ blob: Blob; name: string }> {
  const response = await request(BUNDLE, {
    headers: { Accept: 'application/zip, application/problem+json' },
    signal,
  });
  const named = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '');
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
      parts.push(read.value);
      bytes += read.value.byteLength;
      onBytes(bytes);
    }
  } catch (cause) {
    throw signal.aborted ? cause : new NetworkProblem(cause);
  }
  return { blob: new Blob(parts, { type: 'application/zip' }), name: named?.[1] ?? 'nxvms-support.zip' };
}
