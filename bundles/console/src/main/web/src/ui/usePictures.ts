// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { NoPictureError } from '../player/mse/video';
import type { CameraPlayer } from '../player/types';
import { savePicture } from './download';
import { problemText } from './problemText';
import { preciseTime } from './time';
import { toast } from './toast';

interface PictureSettings {
  /** Whether camera and time are written into pictures. */
  captioned: boolean;
  setCaptioned: (captioned: boolean) => void;
}

/** How pictures are taken in this browser. */
export const usePictures = create<PictureSettings>()(
  persist((set) => ({ captioned: false, setCaptioned: (captioned) => set({ captioned }) }), {
    name: 'nxvms.pictures',
    version: 1,
    partialize: ({ captioned }) => ({ captioned }),
  }),
);

/** Browsers give the clipboard only to pages that came by HTTPS. */
export const mayCopy = (): boolean =>
  typeof ClipboardItem !== 'undefined' && navigator.clipboard?.write !== undefined;

export type TakePicture = 'save' | 'copy';

/**
 * Takes the picture that is shown, and says so when it cannot.
 *
 * @param why what is known of a camera that sends none
 */
export function takePicture(
  player: Pick<CameraPlayer, 'snapshot'> | undefined,
  cameraName: string,
  how: TakePicture = 'save',
  why?: string,
): void {
  const none = () =>
    toast([i18next.t('picture.none', { name: cameraName }), why].filter(Boolean).join(' '), 'error');
  if (!player) {
    none();
    return;
  }
  const { captioned } = usePictures.getState();
  const caption = captioned ? (utcMs: number) => `${cameraName}  ${preciseTime(utcMs)}` : undefined;
  const done =
    how === 'copy'
      ? copy(() => player.snapshot({ type: 'image/png', caption }).then(({ blob }) => blob))
      : player.snapshot({ caption }).then(({ blob, utcMs }) => savePicture(blob, cameraName, utcMs));
  done.catch((error) => (error instanceof NoPictureError ? none() : toast(problemText(error), 'error')));
}

async function copy(take: () => Promise<Blob>): Promise<void> {
  if (!mayCopy()) {
    throw new Error(i18next.t('picture.noClipboard'));
  }
  // The promise itself: once something was waited for, it is no longer the user who asks.
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': take() })]);
  toast(i18next.t('picture.copied'));
}
