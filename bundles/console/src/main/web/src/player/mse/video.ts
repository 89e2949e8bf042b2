// SPDX-License-Identifier: Apache-2.0

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

/** Takes the video off its source, so that the decoder is freed at once. */
export function releaseVideo(video: HTMLVideoElement): void {
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

export async function openMediaSource(video: HTMLVideoElement): Promise<MediaSource> {
  const source = new MediaSource();
  const opened = new Promise<void>((resolve) => {
    source.addEventListener('sourceopen', () => resolve(), { once: true });
  });
  video.src = URL.createObjectURL(source);
  await opened;
  return source;
}

const SNAPSHOT_QUALITY = 0.95;

export async function snapshotOf(video: HTMLVideoElement | undefined): Promise<Blob> {
  if (!video || video.videoWidth === 0) {
    throw new Error('there is no picture yet');
  }
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be encoded'))),
      'image/jpeg',
      SNAPSHOT_QUALITY,
    );
  });
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
