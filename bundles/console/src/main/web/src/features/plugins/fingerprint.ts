// SPDX-License-Identifier: Apache-2.0

const PEM = /-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/;

/** {@return whether this browser makes digests; it does not over plain http to another machine} */
export const hasDigests = () => globalThis.crypto?.subtle !== undefined;

/** The SHA-256 by which a certificate is compared; nothing for what is none, and where the browser has no digests. */
export async function fingerprint(pem: string): Promise<string | undefined> {
  const base64 = PEM.exec(pem)?.[1]?.replace(/\s/g, '');
  if (!base64 || !hasDigests()) {
    return undefined;
  }
  try {
    const der = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', der));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    return undefined;
  }
}
