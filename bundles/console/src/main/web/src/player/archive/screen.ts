// SPDX-License-Identifier: Apache-2.0
import type { Still } from '../exact/messages';
import { createVideo, releaseVideo, type ShownPicture, shownBy } from '../mse/video';

const RGBA: VideoFrameCopyToOptions = { format: 'RGBA' };
const rgbaBytes = (width: number, height: number) => width * height * 4;

/** Whether the browser gives the pixels' values as they are painted: one that knows no formats gives those of the frame. */
function isConverted(still: Still): still is Still & { image: VideoFrame } {
  const { image, width, height } = still;
  if (!('copyTo' in image) || image.visibleRect?.width !== width || image.visibleRect.height !== height) {
    return false;
  }
  try {
    return image.allocationSize(RGBA) === rgbaBytes(width, height);
  } catch {
    return false;
  }
}

/** A video, and above it a canvas for pictures that are decoded one by one; one of them is to be seen. */
export class Screen {
  readonly video = createVideo();
  private readonly canvas = document.createElement('canvas');
  private painted = false;
  /** Room for a picture's pixels, kept for the next one. */
  private spare: Uint8ClampedArray<ArrayBuffer> | undefined;

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

  /**
   * Paints a picture; who holds it may close it as soon as this has been called.
   *
   * @param wanted whether it still is, when it is ready
   */
  async paint(still: Still, utcMs: number, wanted: () => boolean): Promise<void> {
    const { image } = still;
    if (!isConverted(still)) {
      // At once: there may be nothing to be drawn later.
      if (wanted()) {
        this.put(still, utcMs, (context) => context.drawImage(image, 0, 0, still.width, still.height));
      }
      return;
    }
    const own = still.image.clone();
    try {
      const pixels = await this.pixelsOf(own, still);
      if (wanted()) {
        this.put(still, utcMs, (context) =>
          pixels
            ? context.putImageData(pixels, 0, 0)
            : context.drawImage(own, 0, 0, still.width, still.height),
        );
      }
      this.spare = pixels?.data;
    } finally {
      own.close();
    }
  }

  private put(
    { width, height }: Still,
    utcMs: number,
    paint: (context: CanvasRenderingContext2D) => void,
  ): void {
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const context = canvas.getContext('2d', { alpha: false });
    if (context) {
      paint(context);
    }
    canvas.dataset.utc = String(utcMs);
    canvas.hidden = false;
    this.painted = true;
  }

  /**
   * A frame's pixels by their values. Where no graphics card draws, Chromium would keep what it makes of each frame that is
   * drawn: 512 MiB, for as long as there is the page.
   *
   * @returns nothing where the frame has to be drawn: its values are where they cannot be read
   */
  private async pixelsOf(frame: VideoFrame, { width, height }: Still): Promise<ImageData | undefined> {
    const bytes = rgbaBytes(width, height);
    const room = this.spare?.length === bytes ? this.spare : new Uint8ClampedArray(bytes);
    // Another one may be painted before this one is there.
    this.spare = undefined;
    try {
      await frame.copyTo(room, RGBA);
      return new ImageData(room, width, height);
    } catch {
      return undefined;
    }
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
    this.spare = undefined;
    releaseVideo(this.video);
  }
}
