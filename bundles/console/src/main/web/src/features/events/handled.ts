// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { useSession } from '../../api/session';

const KEY = 'nxvms.handled';
/** Many more than are asked for; those that were handled longest ago are forgotten. */
const IDS_MAX = 2_000;
/** Who used this browser longest ago is forgotten. */
const USERS_MAX = 20;

interface HandledBy {
  /** Somebody has taken note of these. */
  acknowledged: string[];
  /** And does not want to see these any more. */
  dismissed: string[];
}

interface Handled {
  /** By the ids of users: several may have one browser. */
  of: Record<string, HandledBy>;
  add: (userId: string, what: keyof HandledBy, ids: readonly string[]) => void;
}

const NOTHING: HandledBy = { acknowledged: [], dismissed: [] };

/** What became of events, as one user saw it in this browser: the server has no place for it. */
const useAllHandled = create<Handled>()(
  persist(
    (set) => ({
      of: {},
      add: (userId, what, ids) => {
        // Another window may have added to it meanwhile.
        void useAllHandled.persist.rehydrate();
        set(({ of }) => {
          const before = of[userId] ?? NOTHING;
          const all = [...new Set([...before[what], ...ids])].slice(-IDS_MAX);
          const others = Object.entries(of).filter(([id]) => id !== userId);
          return {
            of: Object.fromEntries([...others.slice(1 - USERS_MAX), [userId, { ...before, [what]: all }]]),
          };
        });
      },
    }),
    { name: KEY, version: 1, partialize: ({ of }) => ({ of }) },
  ),
);

// What was acknowledged in one window is in another.
window.addEventListener('storage', ({ key }) => {
  if (key === KEY) {
    void useAllHandled.persist.rehydrate();
  }
});

/** Of the user who is signed in. */
export function useHandled() {
  const userId = useSession(({ user }) => user?.id) ?? '';
  const { acknowledged, dismissed } = useAllHandled(({ of }) => of[userId]) ?? NOTHING;
  return useMemo(
    () => ({
      acknowledged: new Set(acknowledged),
      dismissed: new Set(dismissed),
      acknowledge: (ids: readonly string[]) => useAllHandled.getState().add(userId, 'acknowledged', ids),
      dismiss: (ids: readonly string[]) => useAllHandled.getState().add(userId, 'dismissed', ids),
    }),
    [userId, acknowledged, dismissed],
  );
}

/** For tests: nobody has handled anything. */
export const forgetHandled = () => useAllHandled.setState({ of: {} });
