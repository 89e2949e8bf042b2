// SPDX-License-Identifier: Apache-2.0

/** STUN and TURN servers of `Link` headers (RFC 9725 4.6), as an RTCPeerConnection takes them. */
export function iceServersOf(link: string | null): RTCIceServer[] {
  const servers: RTCIceServer[] = [];
  for (const [, url = '', parameters = ''] of (link ?? '').matchAll(
    /<([^>]*)>((?:\s*;\s*[\w-]+="[^"]*")*)/g,
  )) {
    const named = new Map(
      [...parameters.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    if (named.get('rel') === 'ice-server' && /^(stun|turn)s?:/.test(url)) {
      const username = named.get('username');
      servers.push(username ? { urls: url, username, credential: named.get('credential') } : { urls: url });
    }
  }
  return servers;
}
