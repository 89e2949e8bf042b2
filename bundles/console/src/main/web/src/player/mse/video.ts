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
