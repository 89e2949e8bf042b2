// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { TimelineEvent } from './timelineEvents';

interface HiddenKinds {
  /** Kinds of events that are not marked on timelines. */
  hidden: readonly string[];
  toggle: (kind: string) => void;
}

/** More than anybody hides; what is kept comes from outside. */
const HIDDEN_MAX = 200;

/** Those of events that are marked. */
export function markedOf(events: readonly TimelineEvent[]): TimelineEvent[] {
  const { hidden } = useHiddenKinds.getState();
  return events.filter(({ kind }) => !hidden.includes(kind));
}

/** Which kinds of events this browser does not mark on its timelines. */
export const useHiddenKinds = create<HiddenKinds>()(
  persist(
    (set) => ({
      hidden: [],
      toggle: (kind) =>
        set(({ hidden }) => ({
          hidden: hidden.includes(kind)
            ? hidden.filter((one) => one !== kind)
            : [...hidden, kind].slice(-HIDDEN_MAX),
        })),
    }),
    {
      name: 'nxvms.timeline',
      version: 1,
      partialize: ({ hidden }) => ({ hidden }),
      merge: (kept, own) => {
        const { hidden } = (kept ?? {}) as Partial<HiddenKinds>;
        const known = Array.isArray(hidden) ? hidden.filter((one) => typeof one === 'string') : [];
        return { ...own, hidden: known.slice(-HIDDEN_MAX) };
      },
    },
  ),
);
