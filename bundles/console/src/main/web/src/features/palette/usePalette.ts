// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';

type Shown = 'palette' | 'keys';

interface PaletteState {
  shown: Shown | null;
  show: (shown: Shown | null) => void;
}

/** Which of the two dialogs that every page has is open. */
export const usePalette = create<PaletteState>()((set) => ({
  shown: null,
  show: (shown) => set({ shown }),
}));
