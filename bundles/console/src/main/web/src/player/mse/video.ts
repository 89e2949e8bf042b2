// SPDX-License-Identifier: Apache-2.0
import type { PictureWish, TakenPicture } from '../types';

/** A silent video element that fills its host and never takes the pointer. */
export function createVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.disablePictureInPicture = true;
  video.preload = 'auto';
  video.className = 'player-video';
  video.tabIndex = -1;
  return video;
}

/** Takes it off its source, so that the decoder is freed at once. */
export function releaseVideo(video: HTMLMediaElement): void {
  const source = video.src;
  video.pause();
  video.removeAttribute('src');
  video.srcObject = null;
  video.load();
  video.remove();
  if (source.startsWith('blob:')) {
    URL.revokeObjectURL(source);
  }
}

export async function openMediaSource(video: HTMLMediaElement): Promise<MediaSource> {
  const source = new MediaSource();
  const opened = new Promise<void>((resolve) => {
    source.addEventListener('sourceopen', () => resolve(), { once: true });
  });
  video.src = URL.createObjectURL(source);
  await opened;
  return source;
}

const SNAPSHOT_QUALITY = 0.95;
const CAPTION_LINES = 36;
const CAPTION_PX_MIN = 12;

/** What is on the screen: a video, or a canvas with one decoded picture. */
export interface ShownPicture {
  element: HTMLVideoElement | HTMLCanvasElement;
  width: number;
  height: number;
}

export const shownBy = (element: HTMLVideoElement): ShownPicture => ({
  element,
  width: element.videoWidth,
  height: element.videoHeight,
});

/** The picture that is on the screen, in full resolution. */
/** Nothing is to be seen. */
export class NoPictureError extends Error {
  constructor() {
    super('there is no picture yet');
  }
}

export async function snapshotOf(
  shown: ShownPicture | undefined,
  utcMs: number,
  { type = 'image/jpeg', caption }: PictureWish = {},
): Promise<TakenPicture> {
  if (!shown || shown.width === 0) {
    throw new NoPictureError();
  }
  const canvas = document.createElement('canvas');
  canvas.width = shown.width;
  canvas.height = shown.height;
  const context = canvas.getContext('2d');
  context?.drawImage(shown.element, 0, 0);
  if (context && caption) {
    writeInto(context, caption(utcMs));
  }
  const blob = await new Promise<Blob>((resolve, reject) => {
    canvas.toBlob(
      (made) => (made ? resolve(made) : reject(new Error('the picture could not be encoded'))),
      type,
      SNAPSHOT_QUALITY,
    );
  });
  return { blob, utcMs };
}

/** In its lower left corner, on a ground of its own, as small as can be read. */
function writeInto(context: CanvasRenderingContext2D, text: string): void {
  const { width, height } = context.canvas;
  const size = Math.max(CAPTION_PX_MIN, Math.round(height / CAPTION_LINES));
  context.font = `${size}px system-ui, "DejaVu Sans", sans-serif`;
  const wide = Math.min(width, context.measureText(text).width + size);
  context.fillStyle = 'rgb(0 0 0 / 65%)';
  context.fillRect(0, height - size * 1.6, wide, size * 1.6);
  context.fillStyle = '#fff';
  context.textBaseline = 'middle';
  context.fillText(text, size / 2, height - size * 0.8, wide - size);
}

/** So often is looked at pictures of which not each one matters. */
const GLANCE_MS = 250;

/**
 * Tells of the first picture, and then of some each second, or of each one where that is asked for. Each picture that is told of
 * has the browser go through the whole page once more, so all videos are looked at at the same moments.
 *
 * @param onPicture says whether the very next one is to be told of too
 * @returns ends it
 */
export function watchPictures(
  video: HTMLVideoElement,
  onPicture: (metadata: VideoFrameCallbackMetadata) => boolean,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const ask = () => video.requestVideoFrameCallback(seen);
  const seen: VideoFrameRequestCallback = (_now, metadata) => {
    if (ended) {
      return;
    }
    if (onPicture(metadata)) {
      ask();
    } else {
      timer = setTimeout(ask, GLANCE_MS - (performance.now() % GLANCE_MS));
    }
  };
  ask();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** Goes to a picture, and waits until it is on the screen, is no longer wanted, or does not come. */
export function showPicture(
  video: HTMLVideoElement,
  picture: { mediaS: number; durationS: number },
  patienceMs: number,
  wanted: () => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceMs);
    const check = (_now: number, metadata: VideoFrameCallbackMetadata) => {
      if (Math.abs(metadata.mediaTime - picture.mediaS) < 0.002 || !wanted()) {
        clearTimeout(timer);
        resolve();
      } else {
        video.requestVideoFrameCallback(check);
      }
    };
    video.requestVideoFrameCallback(check);
    // The middle of the picture: no rounding can turn it into its neighbour.
    video.currentTime = picture.mediaS + Math.min(picture.durationS / 2, 0.02);
  });
}
