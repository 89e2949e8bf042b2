// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';

interface Sound {
  /** Whose sound is to be heard; of one camera at a time, and of none until somebody wants it. */
  cameraId: string | null;
  toggle: (cameraId: string) => void;
  /** The camera is not shown any more. */
  leave: (cameraId: string) => void;
}

/** Not kept: a browser plays sound only after the user has done something on the page. */
export const useSound = create<Sound>()((set) => ({
  cameraId: null,
  toggle: (cameraId) => set((state) => ({ cameraId: state.cameraId === cameraId ? null : cameraId })),
  leave: (cameraId) => set((state) => (state.cameraId === cameraId ? { cameraId: null } : state)),
}));
