// SPDX-License-Identifier: Apache-2.0
import { serverClock } from '../../api/serverClock';
import type { Segment, SegmentIndex } from '../../api/types';
import { keepTracksOfFragments, parseFragments } from '../mp4/fragment';
import { type InitInfo, keepTracksOfInit, parseInit } from '../mp4/init';
import { BufferQueue } from '../mse/bufferQueue';
import { pictureOnly, playableType } from '../mse/codecs';
import { RateMeter } from '../mse/rateMeter';
import { createVideo, openMediaSource, releaseVideo, snapshotOf } from '../mse/video';
import {
  type ArchivePlayer,
  Listeners,
  type PlayerPhase,
  type PlayerState,
  type PlayerStats,
} from '../types';
import { ArchiveCatalog, type ArchiveSource, endOf } from './catalog';
import { aheadOf, fragmentAt, holeExit, keyAtOrBefore, nextBatch } from './feedPlan';
import { type MappedPicture, PictureMap } from './pictureMap';

/** Media time 0 lies this long before the first moment asked for, so that seeking back needs no new MediaSource. */
const BASE_BEFORE_MS = 400 * 24 * 3600_000;
const MEDIA_DURATION_S = 800 * 24 * 3600;
const AHEAD_S = 30;
const BEHIND_S = 10;
const TRIM_BEHIND_S = 25;
const TICK_MS = 100;
const GROWTH_POLL_MS = 1_000;
const REANCHOR_S = 0.2;
const PRESENTED_MAX_MS = 1_500;
const NOTICE_GAP_MS = 1_000;

export interface SkipNotice {
  fromMs: number;
  toMs: number;
}

interface Cursor {
  segment: Segment;
  index: SegmentIndex;
  fragment: number;
  /** Fetch up to here first: the user waits for it. */
  mustReach: number;
}

/** Footage of one camera by Media Source Extensions: whole fragments by byte range, placed in time by the index. */
export class ArchiveEngine implements ArchivePlayer {
  private readonly listeners = new Listeners();
  private readonly video = createVideo();
  private readonly catalog: ArchiveCatalog;
  private readonly pictures = new PictureMap();
  private readonly bytesMeter = new RateMeter();
  private readonly pictureMeter = new RateMeter();
  private readonly anchors = new Map<string, number>();
  private readonly tick: ReturnType<typeof setInterval>;
  private queue: BufferQueue | undefined;
  private baseMs = 0;
  private mime = '';
  private codecs = '';
  private initId = '';
  private init: InitInfo | undefined;
  private feeding: AbortController | undefined;
  private readonly waiters: (() => void)[] = [];
  private wantPlay = false;
  private rate = 1;
  private seekNumber = 0;
  private seeking = false;
  private shownMs = 0;
  private presentedS = -1;
  private tail = false;
  private disposed = false;
  private current: PlayerState = { phase: 'idle', lastPictureAtMs: 0 };
  private speed = { atMs: 0, positionMs: 0, value: 1 };

  constructor(
    private readonly source: ArchiveSource,
    private readonly onSkip: (notice: SkipNotice) => void = () => undefined,
  ) {
    this.catalog = new ArchiveCatalog(source, () => serverClock.now());
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
    this.speed = { atMs: 0, positionMs: 0, value: this.rate };
    if (!this.seeking) {
      this.start();
    }
  }

  pause(): void {
    this.wantPlay = false;
    this.video.pause();
    if (!this.seeking) {
      this.setPhase('paused');
    }
  }

  setRate(rate: number): void {
    this.rate = rate;
    this.video.playbackRate = rate;
    this.speed = { atMs: 0, positionMs: 0, value: rate };
    this.listeners.notify();
  }

  position(): number {
    return this.shownMs;
  }

  async seek(utcMs: number): Promise<number> {
    return this.show(utcMs, 'forward');
  }

  async step(steps: number): Promise<number> {
    this.pause();
    const target = this.pictures.neighbour(this.presentedS, steps);
    if (target && this.isBuffered(target)) {
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

  snapshot(): Promise<Blob> {
    return snapshotOf(this.video);
  }

  state(): PlayerState {
    return this.current;
  }

  stats(): PlayerStats {
    const now = performance.now();
    return {
      engine: 'mse-archive',
      codec: this.codecs,
      width: this.video.videoWidth,
      height: this.video.videoHeight,
      framesPerSecond: this.pictureMeter.perSecond(now),
      kilobitsPerSecond: (this.bytesMeter.perSecond(now) * 8) / 1000,
      droppedFrames: this.video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0,
      skippedUnits: 0,
      bufferedAheadMs: aheadOf(this.video.currentTime, this.queue?.buffered() ?? []) * 1000,
      speed: this.speed.value,
    };
  }

  subscribe(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  dispose(): void {
    this.disposed = true;
    this.seekNumber++;
    clearInterval(this.tick);
    this.feeding?.abort();
    this.wake();
    this.queue?.close();
    releaseVideo(this.video);
    this.listeners.clear();
  }

  // ---- seeking

  private async show(utcMs: number, direction: 'forward' | 'backward'): Promise<number> {
    const number = ++this.seekNumber;
    this.seeking = true;
    this.video.pause();
    this.wake();
    try {
      const loaded = this.pictures.pictureAt(utcMs);
      if (loaded && this.isBuffered(loaded)) {
        return await this.present(loaded, number);
      }
      this.setPhase('buffering');
      const target = await this.locate(utcMs, direction);
      if (number !== this.seekNumber) {
        return this.shownMs;
      }
      if (!target) {
        this.seeking = false;
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

  /** Where to read for a moment, and which moment that gives when it lies in a gap. */
  private async locate(utcMs: number, direction: 'forward' | 'backward') {
    const found = await this.catalog.find(utcMs);
    let segment = found?.segment;
    let moment = utcMs;
    if (found && !found.hit) {
      const before = direction === 'backward' || endOf(found.segment) <= utcMs;
      segment = before ? await this.catalog.before(utcMs) : found.segment;
      moment = segment ? (before ? endOf(segment) : segment.startMs) : utcMs;
    }
    if (!segment) {
      return undefined;
    }
    const index = await this.catalog.index(segment);
    const last = index.fragments[index.fragments.length - 1];
    const first = index.fragments[0];
    if (!first || !last) {
      return undefined;
    }
    moment = Math.max(first.startMs, Math.min(moment, last.startMs + last.durationMs - 0.5));
    const mustReach = fragmentAt(index.fragments, moment);
    const cursor: Cursor = { segment, index, fragment: keyAtOrBefore(index.fragments, mustReach), mustReach };
    return { cursor, utcMs: moment };
  }

  private async restart(cursor: Cursor, number: number): Promise<void> {
    this.feeding?.abort();
    this.feeding = undefined;
    await this.openFor(cursor);
    this.queue?.clear();
    await this.queue?.remove(0, MEDIA_DURATION_S);
    if (number !== this.seekNumber) {
      return;
    }
    this.pictures.clear();
    this.feeding = new AbortController();
    void this.feed(cursor, this.feeding.signal);
  }

  private async openFor(cursor: Cursor): Promise<void> {
    const startMs = cursor.segment.startMs;
    const outside = startMs < this.baseMs || startMs > this.baseMs + (MEDIA_DURATION_S - 86_400) * 1000;
    if (this.queue && !outside) {
      return;
    }
    const type = playableType(cursor.index.codecs);
    if (!type) {
      throw new UnsupportedError(cursor.index.codecs);
    }
    this.queue?.close();
    this.baseMs = Math.max(0, startMs - BASE_BEFORE_MS);
    this.anchors.clear();
    this.initId = '';
    const source = await openMediaSource(this.video);
    this.mime = pictureOnly(type.mime);
    this.queue = new BufferQueue(source.addSourceBuffer(this.mime));
    source.duration = MEDIA_DURATION_S;
    this.video.playbackRate = this.rate;
  }

  private async loadUntil(utcMs: number, number: number): Promise<MappedPicture | undefined> {
    const signal = this.feeding?.signal;
    while (number === this.seekNumber && !this.disposed && !signal?.aborted) {
      const picture =
        this.pictures.pictureAt(utcMs) ?? (this.tail ? this.pictures.lastBefore(utcMs) : undefined);
      if (picture && this.isBuffered(picture)) {
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
    // The middle of the picture: no rounding can turn it into its neighbour.
    const media = picture.mediaS + Math.min(picture.durationS / 2, 0.02);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PRESENTED_MAX_MS);
      const check = (_now: number, metadata: VideoFrameCallbackMetadata) => {
        if (Math.abs(metadata.mediaTime - picture.mediaS) < 0.002 || number !== this.seekNumber) {
          clearTimeout(timer);
          resolve();
        } else {
          this.video.requestVideoFrameCallback(check);
        }
      };
      this.video.requestVideoFrameCallback(check);
      this.video.currentTime = media;
    });
    if (number === this.seekNumber && !this.disposed) {
      this.seeking = false;
      this.presentedS = picture.mediaS;
      this.shownMs = picture.utcMs;
      if (this.wantPlay) {
        this.start();
      } else {
        this.setPhase('paused');
      }
    }
    return this.shownMs;
  }

  private isBuffered(picture: MappedPicture): boolean {
    const middle = picture.mediaS + picture.durationS / 2;
    return (this.queue?.buffered() ?? []).some((range) => middle >= range.start && middle < range.end);
  }

  // ---- playing

  private start(): void {
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
    const queue = this.queue;
    if (!queue || this.seeking || this.disposed) {
      return;
    }
    const ranges = queue.buffered();
    const position = this.video.currentTime;
    if (this.wantPlay) {
      const exit = holeExit(position, ranges);
      if (exit !== undefined) {
        this.skip(position, exit);
      } else if (this.current.phase === 'playing' && aheadOf(position, ranges) < 0.05) {
        this.setPhase('buffering');
      } else if (this.current.phase === 'buffering' && aheadOf(position, ranges) > 0.3) {
        this.start();
      }
      this.measureSpeed();
    }
    const first = ranges[0];
    if (first && position - first.start > TRIM_BEHIND_S && queue.length() === 0) {
      void queue.remove(0, position - BEHIND_S).catch(() => undefined);
    }
  }

  private skip(fromS: number, toS: number): void {
    const fromMs = this.pictures.utcOf(fromS) ?? this.shownMs;
    this.video.currentTime = toS + 0.001;
    const toMs = this.pictures.utcOf(toS) ?? fromMs;
    if (toMs - fromMs > NOTICE_GAP_MS) {
      this.onSkip({ fromMs, toMs });
    }
    this.speed = { atMs: 0, positionMs: 0, value: this.speed.value };
  }

  private measureSpeed(): void {
    const now = performance.now();
    const elapsed = now - this.speed.atMs;
    if (this.speed.atMs === 0) {
      this.speed = { ...this.speed, atMs: now, positionMs: this.shownMs };
    } else if (elapsed > 2_000) {
      this.speed = {
        atMs: now,
        positionMs: this.shownMs,
        value: (this.shownMs - this.speed.positionMs) / elapsed,
      };
    }
  }

  // ---- feeding

  private async feed(start: Cursor, signal: AbortSignal): Promise<void> {
    const cursor = start;
    try {
      while (!signal.aborted) {
        const batch = nextBatch(
          cursor.index.fragments,
          cursor.fragment,
          Math.max(cursor.mustReach, cursor.fragment),
        );
        if (!batch) {
          await this.advance(cursor, signal);
          continue;
        }
        this.tail = false;
        const bytes = await this.source.bytes(cursor.segment.id, batch.offset, batch.length, signal);
        this.bytesMeter.add(bytes.length, performance.now());
        await this.appendBatch(cursor, batch.first, bytes, signal);
        cursor.fragment = batch.end;
        cursor.mustReach = batch.end;
        this.wake();
        const wanted = Math.max(AHEAD_S, Math.min(120, this.rate * 12));
        while (!signal.aborted && aheadOf(this.video.currentTime, this.queue?.buffered() ?? []) > wanted) {
          await pause(250, signal);
        }
      }
    } catch (error) {
      if (!signal.aborted && !this.disposed) {
        this.failed(
          error instanceof Error ? error.message : String(error),
          error instanceof UnsupportedError,
        );
        this.recover(cursor, signal);
      }
    } finally {
      this.wake();
    }
  }

  /** After a lost connection or a restarting server: go on where it broke, as long as the user has not moved on. */
  private recover(cursor: Cursor, signal: AbortSignal): void {
    if (this.current.phase !== 'unsupported' && !this.video.error) {
      void pause(2_000, signal).then(() => {
        if (!signal.aborted && !this.disposed) {
          if (this.current.phase === 'offline') {
            this.setPhase('buffering');
          }
          void this.feed(cursor, signal);
        }
      });
    }
  }

  /** The end of the known index: the segment has grown, or another one follows, or this is the newest footage. */
  private async advance(cursor: Cursor, signal: AbortSignal): Promise<void> {
    if (cursor.index.open) {
      const count = cursor.index.fragments.length;
      cursor.index = await this.catalog.index(cursor.segment);
      if (cursor.index.fragments.length > count) {
        return;
      }
    }
    if (!cursor.index.open) {
      const last = cursor.index.fragments[cursor.index.fragments.length - 1];
      const known = { ...cursor.segment };
      if (last) {
        known.durationMs = last.startMs + last.durationMs - known.startMs;
      }
      const next = await this.catalog.next(known);
      if (next) {
        cursor.index = await this.catalog.index(next);
        cursor.segment = next;
        cursor.fragment = 0;
        cursor.mustReach = 0;
        if (cursor.index.fragments.length > 0) {
          return;
        }
      }
    }
    this.tail = true;
    this.wake();
    await pause(GROWTH_POLL_MS, signal);
  }

  private async appendBatch(
    cursor: Cursor,
    first: number,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<void> {
    const init = await this.initOf(cursor.index, signal);
    const keep = new Set([init.video.id]);
    const fragments = parseFragments(bytes, init);
    keepTracksOfFragments(bytes, keep);
    const run = `${cursor.segment.runId}`;
    let at = 0;
    for (let i = 0; i < fragments.length && !signal.aborted; ) {
      // Fragments that share an offset are appended in one go.
      const offset = this.anchor(run, cursor, first + i, fragments[i]?.firstPts);
      let end = i;
      while (
        end < fragments.length &&
        (end === i || this.anchor(run, cursor, first + end, fragments[end]?.firstPts) === offset)
      ) {
        const fragment = fragments[end];
        const entry = cursor.index.fragments[first + end];
        if (fragment?.firstPts !== undefined && entry) {
          this.pictures.add(
            fragment.pictures.map((picture) => ({ pts: picture.pts + offset, duration: picture.duration })),
            fragment.firstPts + offset,
            entry.startMs,
          );
        }
        end++;
      }
      const to = fragments[end - 1]?.end ?? bytes.length;
      await this.appendPart(bytes.subarray(at, to), offset);
      at = to;
      i = end;
    }
  }

  /** What to add to stream time; stays the same over a run unless the clocks have drifted apart visibly. */
  private anchor(run: string, cursor: Cursor, fragment: number, firstPts: number | undefined): number {
    const known = this.anchors.get(run);
    const entry = cursor.index.fragments[fragment];
    if (firstPts === undefined || !entry) {
      return known ?? 0;
    }
    const exact = (entry.startMs - this.baseMs) / 1000 - firstPts;
    if (known !== undefined && Math.abs(known - exact) < REANCHOR_S) {
      return known;
    }
    this.anchors.set(run, exact);
    return exact;
  }

  private async appendPart(bytes: Uint8Array<ArrayBuffer>, offset: number): Promise<void> {
    try {
      await this.queue?.append(bytes, offset);
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') {
        throw error;
      }
      const position = this.video.currentTime;
      await this.queue?.remove(0, Math.max(0, position - 2));
      await this.queue?.remove(position + AHEAD_S, MEDIA_DURATION_S);
      await this.queue?.append(bytes, offset);
    }
  }

  private async initOf(index: SegmentIndex, signal: AbortSignal): Promise<InitInfo> {
    if (this.init && this.initId === index.initId) {
      return this.init;
    }
    const type = playableType(index.codecs);
    if (!type) {
      throw new UnsupportedError(index.codecs);
    }
    const bytes = (await this.catalog.init(index.initId)).slice();
    signal.throwIfAborted();
    const init = parseInit(bytes);
    keepTracksOfInit(bytes, new Set([init.video.id]));
    const mime = pictureOnly(type.mime);
    if (mime !== this.mime) {
      await this.queue?.changeType(mime);
      this.mime = mime;
    }
    await this.queue?.append(bytes);
    this.init = init;
    this.initId = index.initId;
    this.codecs = index.codecs;
    return init;
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

class UnsupportedError extends Error {}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
