// SPDX-License-Identifier: Apache-2.0
import { fileStamp } from './time';

/** Time for the browser to begin reading what is saved. */
const KEPT_MS = 10_000;

/** Saves a picture under a name that says where and when. */
export function savePicture(blob: Blob, cameraName: string, utcMs: number): void {
  save(blob, `${fileName(cameraName)}_${fileStamp(utcMs)}.jpg`);
}

export function saveText(text: string, name: string, type: string): void {
  save(new Blob([text], { type }), name);
}

/** A camera's name without what file systems do not like. */
export const fileName = (cameraName: string) => cameraName.replace(/[^\p{L}\p{N}_-]+/gu, '_');

/** Saves a file that was fetched. */
export function saveFile(blob: Blob, name: string): void {
  save(blob, name);
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  download(url, name);
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** Lets the browser fetch a file and save it; why it could not, nobody would learn. */
export function download(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
