// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';

const KEY = 'nxvms.eventsSeen';

interface Seen {
  /** The newest event that the user of this browser has looked at; ids are in the order in which events became known. */
  id: string;
  look: (id: string) => void;
}

export const useSeen = create<Seen>()((set) => ({
  id: localStorage.getItem(KEY) ?? '',
  look: (id) => {
    localStorage.setItem(KEY, id);
    set({ id });
  },
}));

// What was looked at in one window needs no second look in another.
window.addEventListener('storage', ({ key, newValue }) => {
  if (key === KEY) {
    useSeen.setState({ id: newValue ?? '' });
  }
});
