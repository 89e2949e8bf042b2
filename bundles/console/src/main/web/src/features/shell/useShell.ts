// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { KIOSK } from '../live/kiosk';

interface ShellState {
  treeShown: boolean;
  /** On a narrow screen the tree lies over the page, and only while a camera is chosen. */
  treeOver: boolean;
  /** Header and tree; away while a wall fills the screen, and in a window that shows a wall only. */
  chrome: boolean;
  toggleTree: () => void;
  setTreeOver: (treeOver: boolean) => void;
  setChrome: (chrome: boolean) => void;
}

export const useShell = create<ShellState>()(
  persist(
    (set) => ({
      treeShown: true,
      treeOver: false,
      chrome: !KIOSK,
      toggleTree: () => set((state) => ({ treeShown: !state.treeShown })),
      setTreeOver: (treeOver) => set({ treeOver }),
      setChrome: (chrome) => set({ chrome }),
    }),
    { name: 'nxvms.shell', partialize: ({ treeShown }) => ({ treeShown }) },
  ),
);

/** Fills the screen with the page, without header and tree. */
export async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) {
    await document.exitFullscreen();
  } else {
    await document.documentElement.requestFullscreen();
    useShell.getState().setChrome(false);
  }
}
