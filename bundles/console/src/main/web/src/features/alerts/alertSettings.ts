// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** Worst last. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];
/** `wall`: the camera is shown beside the live wall. */
export type Way = 'sound' | 'desktop' | 'wall';

interface AlertSettings {
  /** By which ways events of a severity are told, in this browser. */
  ways: Record<Severity, Way[]>;
  set: (severity: Severity, way: Way, on: boolean) => void;
  /** Whether what is critical sounds again and again until somebody has looked at it. */
  repeat: boolean;
  setRepeat: (repeat: boolean) => void;
}

export const useAlertSettings = create<AlertSettings>()(
  persist(
    (set) => ({
      ways: { info: [], warning: [], critical: [] },
      set: (severity, way, on) =>
        set(({ ways }) => {
          const others = ways[severity].filter((one) => one !== way);
          return { ways: { ...ways, [severity]: on ? [...others, way] : others } };
        }),
      repeat: false,
      setRepeat: (repeat) => set({ repeat }),
    }),
    { name: 'nxvms.alerts', version: 1, partialize: ({ ways, repeat }) => ({ ways, repeat }) },
  ),
);

/** The least severity that is told in any way; none: nobody wants to be told. */
export const leastTold = ({ ways }: Pick<AlertSettings, 'ways'>): Severity | undefined =>
  SEVERITIES.find((severity) => ways[severity].length > 0);
