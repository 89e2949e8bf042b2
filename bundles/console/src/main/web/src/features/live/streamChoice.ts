// SPDX-License-Identifier: Apache-2.0
import type { Camera, StreamName, StreamStatus } from '../../api/types';

/** What its streams say of themselves is all that counts. */
type Watched = Pick<Camera, 'status'>;

/** A size in pixels of the screen. */
export interface Size {
  width: number;
  height: number;
}

/** Of a place that is to have the small stream in any case. */
export const SMALLEST: Size = { width: 1, height: 1 };
/** Of a small stream that has not told its size yet. */
const SMALL_SIZE: Size = { width: 640, height: 360 };
/** Back to the small stream only when the tile is clearly smaller, so that dragging a rim does not change it to and fro. */
const BACK_SHARE = 0.9;

/**
 * The smallest stream that has at least the pixels a tile shows; the main one where none has.
 *
 * @param shown how large the picture's place is on the screen
 * @param before what is shown there now
 */
export function streamFor(camera: Watched, shown: Size, before?: StreamName): 'main' | 'sub' {
  const sub = camera.status.streams.find(({ role, state }) => role === 'sub' && state !== 'unsupported');
  if (!sub) {
    return 'main';
  }
  const enlarged = enlargement(sizeOf(sub), shown);
  return enlarged <= (before === 'main' ? BACK_SHARE : 1) ? 'sub' : 'main';
}

/** How much a picture is enlarged that is shown whole. */
function enlargement(picture: Size, shown: Size): number {
  return Math.min(shown.width / picture.width, shown.height / picture.height);
}

const sizeOf = ({ width, height }: StreamStatus): Size => (width && height ? { width, height } : SMALL_SIZE);

/** Other streams of a camera than the one that this browser cannot show; the last is encoded anew by the server. */
export function othersThan(tried: StreamName, camera: Watched): StreamName[] {
  const hasSub = camera.status.streams.some(({ role, state }) => role === 'sub' && state !== 'unsupported');
  const others: StreamName[] = hasSub ? ['sub', 'main~h264'] : ['main~h264'];
  return others.filter((one) => one !== tried);
}
