// SPDX-License-Identifier: Apache-2.0
// What the address says when a browser comes back from a provider, and the page it left.
import { router } from '../../app/router';

const LEFT = 'nxvms.leftPage';

/** `done`, or why nobody was signed in; undefined when the browser comes from nowhere. */
export function arrival(): string | undefined {
  return new URLSearchParams(location.search).get('signin') ?? undefined;
}

/** A reload shall not say it again. False when somebody was faster. */
export function forgetArrival(): boolean {
  if (arrival() === undefined) {
    return false;
  }
  history.replaceState(history.state, '', location.pathname);
  return true;
}

/** Called when the browser leaves for a provider. */
export function leaveFor(): void {
  sessionStorage.setItem(LEFT, location.pathname + location.search);
}

/** Kept by the browser, so no address can name another page. */
export function returnToPage(): void {
  const left = sessionStorage.getItem(LEFT);
  sessionStorage.removeItem(LEFT);
  const page = left?.startsWith('/console/') ? left.slice('/console'.length) : '/live';
  void router.navigate(page === '/' ? '/live' : page, { replace: true });
}
