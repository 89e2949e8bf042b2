// SPDX-License-Identifier: Apache-2.0
import type { RateMeter } from '../mse/rateMeter';
import { showPicture } from '../mse/video';
import { ArchiveBuffer } from './archiveBuffer';
import type { ArchiveCatalog, ArchiveSource } from './catalog';
import { Feeder } from './feeder';
import { aheadOf, holeExit } from './feedPlan';
import { type Hole, type InGap, locate } from './locate';
import { type MappedPicture, PictureMap } from './pictureMap';

/** No browser plays faster. */
const RATE_MAX = 16;
const BEHIND_S = 10;
const TRIM_BEHIND_S = 25;
const HELD_GAP_S = 1;
const PRESENTED_MAX_MS = 1_500;
/** A picture that has stood for so long may be where it is played from. */
const READY_AFTER_MS = 600;
/** Moments are computed from two clocks; a picture's own moment is to be found again. */
export const SLACK_MS = 0.05;

/** A stretch that was left out. */
export interface SkipNotice {
  fromMs: number;
  toMs: number;
}

export interface FilmHost {
  rate(): number;
  /** One is on the screen. */
  picture(mediaS: number): void;
  failed(detail: string | undefined): void;
  /** {@return whether to go on where reading broke, after a moment} */
  broken(detail: string, unsupported: boolean): boolean;
  resumed(): unknown;
}

/** Footage in a video element by Media Source Extensions: whole fragments by byte range, placed in time by the index. */
export class Film {
  readonly pictures = new PictureMap();
  private readonly buffer: ArchiveBuffer;
  private readonly feeder: Feeder;
  private readonly waiters: (() => void)[] = [];
  /** Of the picture the video stands at, unseen, to be played from there. */
  private readyMs = -1;
  private closed = false;
  private readyTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    source: ArchiveSource,
    private readonly catalog: ArchiveCatalog,
    bytesMeter: RateMeter,
    private readonly host: FilmHost,
  ) {
    this.buffer = new ArchiveBuffer(video, catalog, this.pictures);
    this.feeder = new Feeder(source, catalog, this.buffer, bytesMeter, {
      positionS: () => video.currentTime,
      rate: () => host.rate(),
      progress: () => this.wake(),
      broken: (detail, unsupported) => !this.closed && host.broken(detail, unsupported),
      resumed: () => host.resumed(),
    });
    video.addEventListener('error', () => host.failed(video.error?.message));
    const onPicture: VideoFrameRequestCallback = (_now, metadata) => {
      if (!this.closed) {
        host.picture(metadata.mediaTime);
        video.requestVideoFrameCallback(onPicture);
      }
    };
    video.requestVideoFrameCallback(onPicture);
  }

  stats(): { droppedFrames: number; bufferedAheadMs: number } {
    return {
      droppedFrames: this.video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0,
      bufferedAheadMs: this.aheadS() * 1000,
    };
  }

  aheadS(): number {
    return aheadOf(this.video.currentTime, this.ranges());
  }

  /**
   * Goes on behind a hole, where the video stands before one.
   *
   * @param holds but only where it is hardly one
   * @returns from when to when that was
   */
  leaveHole(holds: boolean): SkipNotice | undefined {
    const position = this.video.currentTime;
    const exit = this.isOpen() ? holeExit(position, this.ranges()) : undefined;
    if (exit === undefined || (holds && exit - position >= HELD_GAP_S)) {
      return undefined;
    }
    const fromMs = this.pictures.utcOf(position);
    this.video.currentTime = exit + 0.001;
    const toMs = this.pictures.utcOf(exit);
    return { fromMs: fromMs ?? toMs ?? 0, toMs: toMs ?? fromMs ?? 0 };
  }

  isOpen(): boolean {
    return this.buffer.isOpen();
  }

  ranges(): { start: number; end: number }[] {
    return this.buffer.buffered();
  }

  offsetOf(runId: string): number | undefined {
    return this.buffer.offsetOf(runId);
  }

  codecs(): string {
    return this.buffer.codecs;
  }

  has(picture: MappedPicture): boolean {
    return this.buffer.isBuffered(picture);
  }

  /** A moment's picture, if it is loaded. */
  loaded(utcMs: number): MappedPicture | undefined {
    const picture = this.pictures.pictureAt(utcMs);
    return picture && this.has(picture) ? picture : undefined;
  }

  /** The picture so many further or back; beyond what is loaded, the moment to look for. */
  beside(mediaS: number, steps: number): MappedPicture | number | undefined {
    const target = this.pictures.neighbour(mediaS, steps);
    if (target && this.has(target)) {
      return target;
    }
    // Just before this picture, or just behind its end.
    const here = this.pictures.pictureAtMedia(mediaS);
    return here && (steps < 0 ? here.utcMs - 0.5 : here.utcMs + here.durationS * 1000 + 0.5);
  }

  /**
   * Loads what is recorded at a moment and behind it, and waits for the moment's picture.
   *
   * @param leadMs of footage that is loaded before it
   * @returns nothing when it is wanted no more
   */
  async load(
    moment: number,
    inGap: InGap,
    leadMs: number,
    wanted: () => boolean,
  ): Promise<MappedPicture | Hole | undefined> {
    const place = await locate(this.catalog, moment, inGap, leadMs);
    if (!wanted() || !('cursor' in place)) {
      return wanted() ? (place as Hole) : undefined;
    }
    const { cursor, utcMs } = place;
    this.feeder.stop();
    // A video element plays forwards only.
    await this.buffer.restart(cursor, Math.abs(this.host.rate()));
    if (!wanted()) {
      return undefined;
    }
    this.pictures.clear();
    this.feeder.begin(cursor);
    const signal = this.feeder.signal();
    while (wanted() && !signal?.aborted) {
      const last = this.feeder.tail ? this.pictures.lastBefore(utcMs) : undefined;
      const picture = this.pictures.pictureAt(utcMs) ?? last;
      if (picture && this.has(picture)) {
        return picture;
      }
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
    return undefined;
  }

  /** Goes to a loaded picture, and waits until it is on the screen or no longer wanted. */
  show(picture: MappedPicture, wanted: () => boolean): Promise<void> {
    this.readyMs = -1;
    return showPicture(this.video, picture, PRESENTED_MAX_MS, wanted);
  }

  /** Brings the video, once a picture stands for a while on the screen, unseen to that one. */
  makeReadySoon(utcMs: number, wanted: () => boolean): void {
    clearTimeout(this.readyTimer);
    this.readyTimer = setTimeout(() => {
      if (wanted()) {
        void this.makeReady(utcMs, wanted);
      }
    }, READY_AFTER_MS);
  }

  private async makeReady(utcMs: number, wanted: () => boolean): Promise<void> {
    try {
      const picture = this.loaded(utcMs) ?? (await this.load(utcMs, 'none', 0, wanted));
      if (picture && 'mediaS' in picture && wanted()) {
        await this.show(picture, wanted);
        this.readyMs = wanted() ? picture.utcMs : -1;
      }
    } catch {
      // Tried again, and said, when it is to be played.
    }
  }

  setRate(rate: number): void {
    this.video.playbackRate = Math.min(RATE_MAX, rate);
  }

  play(rate: number): void {
    this.readyMs = -1;
    this.setRate(rate);
    void this.video.play().catch(() => undefined);
  }

  /** Whether it can be played from that picture on at once. */
  isReady(utcMs: number): boolean {
    return Math.abs(this.readyMs - utcMs) < SLACK_MS;
  }

  /** Whoever waits looks whether it is wanted still. */
  wake(): void {
    for (const resume of this.waiters.splice(0)) {
      resume();
    }
  }

  /** Gives up what lies far behind. */
  trim(): void {
    const first = this.ranges()[0];
    const position = this.video.currentTime;
    if (first && position - first.start > TRIM_BEHIND_S) {
      this.buffer.trim(position - BEHIND_S);
    }
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.readyTimer);
    this.feeder.stop();
    this.wake();
    this.buffer.close();
  }
}
