// SPDX-License-Identifier: Apache-2.0

let go: ((path: string) => void) | undefined;

/** How extensions go to other pages: as the pages themselves do. Until the returned function is called. */
export function navigatesBy(navigate: (path: string) => void): () => void {
  go = navigate;
  return () => {
    if (go === navigate) {
      go = undefined;
    }
  };
}

export function goTo(path: string): void {
  if (!path.startsWith('/') || path.startsWith('//')) {
    throw new TypeError(`An address of the console begins with a slash, such as /events; "${path}" does not`);
  }
  go?.(path);
}
