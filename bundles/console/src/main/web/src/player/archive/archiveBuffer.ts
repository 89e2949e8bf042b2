// SPDX-License-Identifier: Apache-2.0
import type { SegmentIndex } from '../../api/types';
import { keepTracksOfFragments, parseFragments } from '../mp4/fragment';
import { type InitInfo, keepTracksOfInit, parseInit } from '../mp4/init';
import { BufferQueue } from '../mse/bufferQueue';
import { pictureOnly, playableType } from '../mse/codecs';
import { openMediaSource } from '../mse/video';
import type { ArchiveCatalog } from './catalog';
import type { Cursor } from './cursor';
import type { MappedPicture, PictureMap } from './pictureMap';

/** Media time 0 lies this long before the first moment asked for, so that seeking back needs no new MediaSource. */
const BASE_BEFORE_MS = 400 * 24 * 3600_000;
const MEDIA_DURATION_S = 800 * 24 * 3600;
const REANCHOR_S = 0.2;
/** Kept ahead of the position when the browser's buffer is full. */
const KEEP_AHEAD_S = 30;

/** Footage of a codec that this browser does not play. */
export class UnsupportedError extends Error {}

/** The browser's media buffer: takes whole fragments, puts them in time by the index, and knows where each picture went. */
export class ArchiveBuffer {
  private readonly anchors = new Map<string, number>();
  private queue: BufferQueue | undefined;
  private baseMs = 0;
  private mime = '';
  private initId = '';
  private init: InitInfo | undefined;
  /** Of what was appended last. */
  codecs = '';

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly catalog: ArchiveCatalog,
    private readonly pictures: PictureMap,
  ) {}

  buffered(): { start: number; end: number }[] {
    return this.queue?.buffered() ?? [];
  }

  isBuffered(picture: MappedPicture): boolean {
    const middle = picture.mediaS + picture.durationS / 2;
    return this.buffered().some((range) => middle >= range.start && middle < range.end);
  }

  isOpen(): boolean {
    return this.queue !== undefined;
  }

  /** What a run's own time is behind media time; unknown until some of it was appended. */
  offsetOf(runId: string): number | undefined {
    return this.anchors.get(runId);
  }

  /** Gives up what lies before a position, unless the buffer is busy. */
  trim(beforeS: number): void {
    if (this.queue && this.queue.length() === 0) {
      void this.queue.remove(0, beforeS).catch(() => undefined);
    }
  }

  close(): void {
    this.queue?.close();
  }

  /** Empties the buffer for footage from this cursor on; opens another one when it lies outside of this one's time. */
  async restart(cursor: Cursor, rate: number): Promise<void> {
    await this.openFor(cursor, rate);
    this.queue?.clear();
    await this.queue?.remove(0, MEDIA_DURATION_S);
  }

  private async openFor(cursor: Cursor, rate: number): Promise<void> {
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
    this.video.playbackRate = rate;
  }

  /** @param first number of the first fragment in these bytes */
  async append(
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
      const offset = this.anchor(run, cursor, first + i, fragments[i]?.leadPts);
      let end = i;
      while (
        end < fragments.length &&
        (end === i || this.anchor(run, cursor, first + end, fragments[end]?.leadPts) === offset)
      ) {
        const fragment = fragments[end];
        const entry = cursor.index.fragments[first + end];
        if (fragment?.leadPts !== undefined && entry) {
          this.pictures.add(
            fragment.pictures.map((picture) => ({ pts: picture.pts + offset, duration: picture.duration })),
            fragment.leadPts + offset,
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
  private anchor(run: string, cursor: Cursor, fragment: number, leadPts: number | undefined): number {
    const known = this.anchors.get(run);
    const entry = cursor.index.fragments[fragment];
    if (leadPts === undefined || !entry) {
      return known ?? 0;
    }
    const exact = (entry.startMs - this.baseMs) / 1000 - leadPts;
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
      await this.queue?.remove(position + KEEP_AHEAD_S, MEDIA_DURATION_S);
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
}
