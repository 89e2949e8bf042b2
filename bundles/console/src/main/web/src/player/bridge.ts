// SPDX-License-Identifier: Apache-2.0
// From live to footage and back the page changes, and with it the player: the last picture of the one that goes stands until the
// one that comes has its own.
import type { ShownPicture } from './mse/video';

/** Wide enough to be no surprise for the moment it is to be seen. */
const WIDTH_MAX = 960;
/** Who comes later than that is not on the way from one to the other. */
const KEPT_MS = 5_000;
/** As many as a wall has. */
const PICTURES_MAX = 16;

const kept = new Map<string, HTMLCanvasElement>();

/** Keeps a camera's picture for who shows it next. */
export function keepPicture(cameraId: string, shown: ShownPicture | undefined): void {
  if (!shown || shown.width === 0) {
    return;
  }
  const canvas = document.createElement('canvas');
  canvas.width = Math.min(WIDTH_MAX, shown.width);
  canvas.height = Math.round((canvas.width * shown.height) / shown.width);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) {
    return;
  }
  context.drawImage(shown.element, 0, 0, canvas.width, canvas.height);
  kept.delete(cameraId);
  kept.set(cameraId, canvas);
  const [oldest] = kept.keys();
  if (kept.size > PICTURES_MAX && oldest !== undefined) {
    kept.delete(oldest);
  }
  setTimeout(() => {
    if (kept.get(cameraId) === canvas) {
      kept.delete(cameraId);
    }
  }, KEPT_MS);
}

/** Puts the picture that was kept of a camera into an element, below what will be there. {@return nothing where none was kept} */
export function showKept(cameraId: string, host: HTMLElement): HTMLCanvasElement | undefined {
  const canvas = kept.get(cameraId);
  if (canvas) {
    kept.delete(cameraId);
    canvas.className = 'player-canvas';
    canvas.dataset.kept = 'true';
    host.prepend(canvas);
  }
  return canvas;
}
