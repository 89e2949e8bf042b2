// SPDX-License-Identifier: Apache-2.0
import type { Still } from '../exact/messages';
import { createVideo, releaseVideo, type ShownPicture, shownBy } from '../mse/video';

/** A video, and above it a canvas for pictures that are decoded one by one; one of them is to be seen. */
export class Screen {
  readonly video = createVideo();
  private readonly canvas = document.createElement('canvas');
  private painted = false;

  constructor() {
    this.canvas.className = 'player-canvas';
    this.canvas.hidden = true;
  }

  attach(host: HTMLElement): void {
    host.append(this.video, this.canvas);
  }

  /** Whether the canvas is what is to be seen. */
  isPainted(): boolean {
    return this.painted;
  }

  paint({ image, width, height }: Still, utcMs: number): void {
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    canvas.getContext('2d', { alpha: false })?.drawImage(image, 0, 0, width, height);
    canvas.dataset.utc = String(utcMs);
    canvas.hidden = false;
    this.painted = true;
  }

  showVideo(): void {
    this.canvas.hidden = true;
    this.painted = false;
  }

  shown(): ShownPicture {
    const { canvas } = this;
    return this.painted
      ? { element: canvas, width: canvas.width, height: canvas.height }
      : shownBy(this.video);
  }

  release(): void {
    this.canvas.remove();
    // Its memory goes at once, not when somebody collects it.
    this.canvas.width = 0;
    this.canvas.height = 0;
    releaseVideo(this.video);
  }
}
