// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';

const KEY = 'nxvms.serverName';

/** What this server is called, as it was said last in this browser: before anybody signs in it says nothing of itself. */
export const useServerName = create<{ name: string | undefined }>(() => ({ name: undefined }));

/** Once, as the console starts. */
export function startServerName(): void {
  useServerName.setState({ name: localStorage.getItem(KEY) ?? undefined });
}

export function learnServerName(name: string | undefined): void {
  if (name !== undefined && name !== '' && name !== useServerName.getState().name) {
    localStorage.setItem(KEY, name);
    useServerName.setState({ name });
  }
}
