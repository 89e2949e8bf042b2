// SPDX-License-Identifier: Apache-2.0
import { MAIN_PAGES, OWN_PAGES, SPECIAL_PAGES } from '../shell/pages';

const PAGES = [...MAIN_PAGES, ...SPECIAL_PAGES, ...OWN_PAGES].map(({ to }) => to);

/**
 * Where another server's console has the page that is open here. What is of one server, a camera or an extension, is not
 * carried along: the other one has others.
 */
export function otherConsole(address: string, pathname: string): string {
  const page = PAGES.find((to) => pathname === to || pathname.startsWith(`${to}/`));
  return `${address}/console${page ?? '/live'}`;
}

/** An address as it is kept, of what somebody typed: a host alone is meant by HTTPS. Nothing when it is none. */
export function serverAddress(text: string): string | undefined {
  const typed = text.trim();
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`);
    // What was copied from the address bar has the page behind it.
    return /^https?:$/.test(url.protocol) && !url.username && !url.password ? url.origin : undefined;
  } catch {
    return undefined;
  }
}
