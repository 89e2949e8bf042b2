// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** In the place of a camera: the cell shows whichever is selected elsewhere. */
export const HOTSPOT = 'hotspot';

const NAME = 'nxvms.spot';

interface Spot {
  /** The camera that somebody selected last, in any window of this browser. */
  cameraId: string | null;
}

/** Kept, so that a window on another screen learns of it, and shows it when it is opened again. */
export const useSpot = create<Spot>()(persist((): Spot => ({ cameraId: null }), { name: NAME }));

/** Somebody has selected what is in a cell. A hotspot leads nowhere, and an empty cell leaves it where it is. */
export function noteSelected(cameraId: string | null | undefined): void {
  if (cameraId && cameraId !== HOTSPOT && useSpot.getState().cameraId !== cameraId) {
    useSpot.setState({ cameraId });
  }
}

window.addEventListener('storage', ({ key }) => {
  if (key === NAME) {
    void useSpot.persist.rehydrate();
  }
});
