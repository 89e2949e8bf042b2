// SPDX-License-Identifier: Apache-2.0
// Before each file of tests that share a process: its own instances of the console's modules, and an empty page.
import { vi } from 'vitest';

vi.resetModules();
if (typeof window !== 'undefined') {
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', '/');
  for (const cookie of document.cookie.split('; ')) {
    document.cookie = `${cookie.split('=')[0]}=; Path=/; Max-Age=0`;
  }
  document.body.replaceChildren();
}
