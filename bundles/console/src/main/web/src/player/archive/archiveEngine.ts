// SPDX-License-Identifier: Apache-2.0
import { serverClock } from '../../api/serverClock';
import { RateMeter } from '../mse/rateMeter';
import { createVideo, releaseVideo, showPicture, snapshotOf } from '../mse/video';
import {
  type ArchivePlayer,
  Listeners,
  type PictureWish,
  type PlayerPhase,
  type PlayerState,
  type PlayerStats,
  type TakenPicture,
} from '../types';
import { ArchiveBuffer } from './archiveBuffer';
import { ArchiveCatalog, type ArchiveSource } from './catalog';
import { type Cursor, Feeder } from './feeder';
import { aheadOf, holeExit } from './feedPlan';
import { type Hole, type InGap, locate } from './locate';
import { type MappedPicture, PictureMap } from './pictureMap';
import { leadMs, ReverseRun } from './reverseRun';
import { SpeedMeter } from './speedMeter';

const BEHIND_S = 10;
const TRIM_BEHIND_S = 25;
const TICK_MS = 100;
const PRESENTED_MAX_MS = 1_500;
const NOTICE_GAP_MS = 1_000;
const HELD_GAP_S = 1;
/** No browser plays faster. */
const VIDEO_RATE_MAX = 16;

export interface SkipNotice {
  fromMs: number;
  toMs: number;
}

/** Footage of one camera by Media Source Extensions: whole fragments by byte range, placed in time by the index. */
export class ArchiveEngine implements ArchivePlayer {
  private readonly listeners = new Listeners();
  private readonly video = createVideo();
  private readonly catalog: ArchiveCatalog;
  private readonly pictures = new PictureMap();
  private readonly bytesMeter = new RateMeter();
  private readonly pictureMeter = new RateMeter();
  private readonly speed = new SpeedMeter();
  private readonly buffer: ArchiveBuffer;
  private readonly feeder: Feeder;
  private readonly tick: ReturnType<typeof setInterval>;
  private readonly waiters: (() => void)[] = [];
  private readonly reverse: ReverseRun;
  private hole: Hole | undefined;
  private wantPlay = false;
  private rate = 1;
  private seekNumber = 0;
  private seeking = false;
  private shownMs = 0;
  private presentedS = -1;
  private disposed = false;
  private current: PlayerState = { phase: 'idle', lastPictureAtMs: 0 };

  constructor(
    source: ArchiveSource,
    private readonly onSkip: (notice: SkipNotice) => void = () => undefined,
    onBeginning: () => void = () => undefined,
    /** Waits where nothing is recorded instead of going on behind it. */
    private readonly holdsAtGaps = false,
  ) {
    this.reverse = new ReverseRun({
      show: (utcMs) => this.show(utcMs, 'backward'),
      skipped: (fromMs, toMs) => this.onSkip({ fromMs, toMs }),
      beginning: () => {
        const { phase } = this.current;
        this.wantPlay = false;
        this.setPhase(phase === 'offline' || phase === 'unsupported' ? phase : 'paused');
        onBeginning();
      },
    });
    this.catalog = new ArchiveCatalog(source, () => serverClock.now());
    this.buffer = new ArchiveBuffer(this.video, this.catalog, this.pictures);
    this.feeder = new Feeder(source, this.catalog, this.buffer, this.bytesMeter, {
      positionS: () => this.video.currentTime,
      rate: () => this.rate,
      progress: () => this.wake(),
      broken: (detail, unsupported) => this.feedBroken(detail, unsupported),
      resumed: () => this.feedResumed(),
    });
    this.tick = setInterval(() => this.look(), TICK_MS);
    this.video.addEventListener('error', () => this.failed(this.video.error?.message));
    const onPicture: VideoFrameRequestCallback = (_now, metadata) => {
      if (!this.disposed) {
        this.presented(metadata.mediaTime);
        this.video.requestVideoFrameCallback(onPicture);
      }
    };
    this.video.requestVideoFrameCallback(onPicture);
  }

  attach(host: HTMLElement): void {
    host.append(this.video);
  }

  play(): void {
    this.wantPlay = true;
    this.speed.restart(this.rate);
    if (!this.seeking) {
      this.start();
    }
  }

  pause(): void {
    this.wantPlay = false;
    this.reverse.end();
    this.video.pause();
    if (!this.seeking) {
      this.setPhase('paused');
    }
  }

  setRate(rate: number): void {
    const turned = rate < 0 || this.rate < 0;
    this.rate = rate;
    this.reverse.end();
    this.video.playbackRate = this.videoRate();
    this.speed.restart(rate);
    if (turned && this.wantPlay && !this.seeking) {
      this.start();
    }
    this.listeners.notify();
  }

  position(): number {
    return this.shownMs;
  }

  async seek(utcMs: number): Promise<number> {
    this.reverse.end();
    return this.show(utcMs, 'forward');
  }

  async step(steps: number): Promise<number> {
    this.pause();
    const target = this.pictures.neighbour(this.presentedS, steps);
    if (target && this.buffer.isBuffered(target)) {
      return this.present(target, ++this.seekNumber);
    }
    const here = this.pictures.pictureAtMedia(this.presentedS);
    if (!here) {
      return this.shownMs;
    }
    // Beyond what is loaded: the moment just before this picture, or just behind its end.
    return steps < 0
      ? this.show(here.utcMs - 0.5, 'backward')
      : this.show(here.utcMs + here.durationS * 1000 + 0.5, 'forward');
  }

  /**
   * Shows the picture of the moment itself and stands still; where none is recorded, says from when to when.
   *
   * @param lead milliseconds of footage to load before it
   */
  async showAt(utcMs: number, lead: number): Promise<Hole | undefined> {
    this.wantPlay = false;
    this.reverse.end();
    this.hole = undefined;
    await this.show(utcMs, 'none', lead);
    return this.hole;
  }

  /** The moment that is played just now, finer than a picture. */
  playhead(): number {
    return this.pictures.utcOf(this.video.currentTime) ?? this.shownMs;
  }

  /** Plays a little slower or faster than it was told to, until it is told again. */
  nudge(rate: number): void {
    this.video.playbackRate = Math.min(VIDEO_RATE_MAX, rate);
  }

  snapshot(wish?: PictureWish): Promise<TakenPicture> {
    return snapshotOf(this.video, this.position(), wish);
  }

  state(): PlayerState {
    return this.current;
  }

  stats(): PlayerStats {
    const now = performance.now();
    return {
      engine: 'mse-archive',
      codec: this.buffer.codecs,
      width: this.video.videoWidth,
      height: this.video.videoHeight,
      framesPerSecond: this.pictureMeter.perSecond(now),
      kilobitsPerSecond: (this.bytesMeter.perSecond(now) * 8) / 1000,
      droppedFrames: this.video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0,
      skippedUnits: 0,
      bufferedAheadMs: aheadOf(this.video.currentTime, this.buffer.buffered()) * 1000,
      speed: this.speed.value(),
    };
  }

  subscribe(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  dispose(): void {
    this.disposed = true;
    this.reverse.end();
    this.seekNumber++;
    clearInterval(this.tick);
    this.feeder.stop();
    this.wake();
    this.buffer.close();
    releaseVideo(this.video);
    this.listeners.clear();
  }

  // ---- seeking

  private lead(): number {
    return this.reverse.isRunning() ? leadMs(-this.rate) : 0;
  }

  private async show(utcMs: number, inGap: InGap, lead = this.lead()): Promise<number> {
    const number = ++this.seekNumber;
    this.seeking = true;
    this.video.pause();
    this.wake();
    try {
      const loaded = this.pictures.pictureAt(utcMs);
      if (loaded && this.buffer.isBuffered(loaded)) {
        return await this.present(loaded, number);
      }
      this.setPhase(lead > 0 ? 'playing' : 'buffering');
      const target = await locate(this.catalog, utcMs, inGap, lead);
      if (number !== this.seekNumber) {
        return this.shownMs;
      }
      if (!('cursor' in target)) {
        this.seeking = false;
        this.hole = target;
        this.setPhase('no-footage');
        return this.shownMs;
      }
      await this.restart(target.cursor, number);
      const picture = await this.loadUntil(target.utcMs, number);
      return picture ? await this.present(picture, number) : this.shownMs;
    } catch (error) {
      if (number === this.seekNumber && !this.disposed) {
        this.seeking = false;
        this.failed(error instanceof Error ? error.message : String(error));
      }
      return this.shownMs;
    }
  }

  private async restart(cursor: Cursor, number: number): Promise<void> {
    this.feeder.stop();
    await this.buffer.restart(cursor, this.videoRate());
    if (number === this.seekNumber) {
      this.pictures.clear();
      this.feeder.begin(cursor);
    }
  }

  private async loadUntil(utcMs: number, number: number): Promise<MappedPicture | undefined> {
    const signal = this.feeder.signal();
    while (number === this.seekNumber && !this.disposed && !signal?.aborted) {
      const picture =
        this.pictures.pictureAt(utcMs) ?? (this.feeder.tail ? this.pictures.lastBefore(utcMs) : undefined);
      if (picture && this.buffer.isBuffered(picture)) {
        return picture;
      }
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
    return undefined;
  }

  private wake(): void {
    for (const resume of this.waiters.splice(0)) {
      resume();
    }
  }

  private async present(picture: MappedPicture, number: number): Promise<number> {
    this.seeking = true;
    await showPicture(this.video, picture, PRESENTED_MAX_MS, () => number === this.seekNumber);
    if (number === this.seekNumber && !this.disposed) {
      this.seeking = false;
      this.presentedS = picture.mediaS;
      this.shownMs = picture.utcMs;
      if (!this.wantPlay) {
        this.setPhase('paused');
      } else if (!this.reverse.isRunning()) {
        this.start();
      }
    }
    return this.shownMs;
  }

  // ---- playing

  /** A video element plays forwards only. */
  private videoRate(): number {
    return this.rate < 0 ? 1 : this.rate;
  }

  private start(): void {
    if (this.rate < 0) {
      this.video.pause();
      this.setPhase('playing');
      this.reverse.begin(this.shownMs, -this.rate);
      return;
    }
    this.video.playbackRate = this.rate;
    void this.video.play().catch(() => undefined);
    this.setPhase('playing');
  }

  private presented(mediaS: number): void {
    this.pictureMeter.add(1, performance.now());
    if (this.seeking) {
      return;
    }
    this.presentedS = mediaS;
    const picture = this.pictures.pictureAtMedia(mediaS);
    if (picture) {
      this.shownMs = picture.utcMs;
    }
    this.current = { ...this.current, lastPictureAtMs: Date.now() };
  }

  private look(): void {
    if (!this.buffer.isOpen() || this.seeking || this.disposed) {
      return;
    }
    const ranges = this.buffer.buffered();
    const position = this.video.currentTime;
    if (this.wantPlay && this.rate > 0) {
      const exit = holeExit(position, ranges);
      if (exit !== undefined && (!this.holdsAtGaps || exit - position < HELD_GAP_S)) {
        this.skip(position, exit);
      } else if (this.current.phase === 'playing' && aheadOf(position, ranges) < 0.05) {
        this.setPhase('buffering');
      } else if (this.current.phase === 'buffering' && aheadOf(position, ranges) > 0.3) {
        this.start();
      }
    }
    if (this.wantPlay) {
      this.speed.add(this.shownMs, performance.now());
    }
    const first = ranges[0];
    if (first && position - first.start > TRIM_BEHIND_S) {
      this.buffer.trim(position - BEHIND_S);
    }
  }

  private skip(fromS: number, toS: number): void {
    const fromMs = this.pictures.utcOf(fromS) ?? this.shownMs;
    this.video.currentTime = toS + 0.001;
    const toMs = this.pictures.utcOf(toS) ?? fromMs;
    if (toMs - fromMs > NOTICE_GAP_MS) {
      this.onSkip({ fromMs, toMs });
    }
    this.speed.restart();
  }

  /** After a lost connection or a restarting server it goes on where it broke, as long as the user has not moved on. */
  private feedBroken(detail: string, unsupported: boolean): boolean {
    if (this.disposed) {
      return false;
    }
    this.failed(detail, unsupported);
    return !unsupported && !this.video.error;
  }

  private feedResumed(): void {
    if (this.current.phase === 'offline') {
      this.setPhase('buffering');
    }
  }

  private failed(detail: string | undefined, unsupported = false): void {
    this.current = { ...this.current, phase: unsupported ? 'unsupported' : 'offline', detail };
    this.listeners.notify();
  }

  private setPhase(phase: PlayerPhase): void {
    if (this.current.phase !== phase) {
      this.current = { ...this.current, phase, detail: undefined };
      this.listeners.notify();
    }
  }
}
