// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { type Mapping, type PadState, USUAL } from './mapping';

interface MappingsState {
  /** By what the pad calls itself; pads of one kind are one. */
  mappings: Record<string, Mapping>;
  set: (pad: string, mapping: Mapping | undefined) => void;
}

/** What pads do, as it was chosen in this browser. */
export const useMappings = create<MappingsState>()(
  persist(
    (set) => ({
      mappings: {},
      set: (pad, mapping) =>
        set(({ mappings: { [pad]: _before, ...others } }) => ({
          mappings: mapping ? { ...others, [pad]: mapping } : others,
        })),
    }),
    { name: 'nxvms.gamepads', version: 1, partialize: ({ mappings }) => ({ mappings }) },
  ),
);

export const mappingOf = (pad: string): Mapping => useMappings.getState().mappings[pad] ?? USUAL;

export interface Pad extends PadState {
  id: string;
  index: number;
}

/** Those that are there now. Browsers tell of one when its first button is pressed. */
export function padsNow(): Pad[] {
  if (!('getGamepads' in navigator)) {
    return [];
  }
  try {
    return [...navigator.getGamepads()].filter((pad): pad is Gamepad => pad?.connected ?? false);
  } catch {
    // A page may be kept from them (Permissions Policy).
    return [];
  }
}

/** The first one that is there; which one it is changes, what it does does not render anything. */
export function useFirstPad(): string | undefined {
  const [id, setId] = useState(() => padsNow()[0]?.id);
  useEffect(() => {
    const look = () => setId(padsNow()[0]?.id);
    window.addEventListener('gamepadconnected', look);
    window.addEventListener('gamepaddisconnected', look);
    look();
    return () => {
      window.removeEventListener('gamepadconnected', look);
      window.removeEventListener('gamepaddisconnected', look);
    };
  }, []);
  return id;
}
