// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { WAYS, type Way } from './session';

/** By which way pictures are to come; `auto`: the soonest that works. */
export type WantedWay = 'auto' | Way;

interface LiveWish {
  way: WantedWay;
  /** Only small streams on a wall, for a machine that cannot decode more. */
  smallOnly: boolean;
  /** Also while nobody sees the page. */
  unseen: boolean;
  setWay: (way: WantedWay) => void;
  setSmallOnly: (smallOnly: boolean) => void;
  setUnseen: (unseen: boolean) => void;
}

const isWay = (way: unknown): way is WantedWay => way === 'auto' || WAYS.some((one) => one === way);

/** How this browser wants its live pictures: a network and a machine are those of a device, not of a user. */
export const useLiveWish = create<LiveWish>()(
  persist(
    (set) => ({
      way: 'auto',
      smallOnly: false,
      unseen: false,
      setWay: (way) => set({ way }),
      setSmallOnly: (smallOnly) => set({ smallOnly }),
      setUnseen: (unseen) => set({ unseen }),
    }),
    {
      name: 'nxvms.live',
      version: 1,
      partialize: ({ way, smallOnly, unseen }) => ({ way, smallOnly, unseen }),
      merge: (kept, own) => {
        const { way, smallOnly, unseen } = (kept ?? {}) as Partial<LiveWish>;
        return {
          ...own,
          way: isWay(way) ? way : 'auto',
          smallOnly: smallOnly === true,
          unseen: unseen === true,
        };
      },
    },
  ),
);
