// SPDX-License-Identifier: Apache-2.0
import { fileStamp } from './time';

/** Saves a picture under a name that says where and when. */
export function savePicture(blob: Blob, cameraName: string, utcMs: number): void {
  const name = cameraName.replace(/[^\p{L}\p{N}_-]+/gu, '_');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${name}_${fileStamp(utcMs)}.jpg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
