// SPDX-License-Identifier: Apache-2.0
import { BufferQueue } from '../mse/bufferQueue';
import { soundType } from '../mse/codecs';
import { openMediaSource, releaseVideo } from '../mse/video';
import { type ArchiveCatalog, TRACK_MS_MAX, type TrackSource } from './catalog';
import { type Cursor, goOn } from './cursor';
import { pause } from './feeder';
import { type Batch, fragmentAt, nextBatch } from './feedPlan';
import { locate } from './locate';

/** Slower or faster nobody understands a word. */
const RATE_MIN = 0.5;
const RATE_MAX = 2;
const AHEAD_MS = 8_000;
const BEHIND_S = 10;
const POLL_MS = 250;
const GROWTH_POLL_MS = 1_000;
const RETRY_MS = 2_000;
/** From further away than what is loaded it is begun anew. */
const JUMP_MS = 2_000;
/** Heard so much too early or too late it is put right at once; less is made up for by going a little slower or faster. */
const APART_MAX_S = 0.25;
const APART_MIN_S = 0.03;
const NUDGE = 0.04;
const DURATION_S = 800 * 24 * 3600;

/** What is seen, by which what is heard goes. */
export interface Seen {
  /** In media time. */
  positionS(): number;
  utcOf(mediaS: number): number | undefined;
  /** From the own time of a run to media time; unknown until pictures of it are loaded. */
  offsetOf(runId: string): number | undefined;
}

/** Where it is played. */
export interface Output {
  readonly audio: Pick<
    HTMLAudioElement,
    'paused' | 'currentTime' | 'playbackRate' | 'seeking' | 'play' | 'pause'
  >;
  open(
    mime: string,
  ): Promise<Pick<BufferQueue, 'append' | 'remove' | 'clear' | 'changeType' | 'buffered' | 'close'>>;
  close(): void;
}

/** An element of its own: whatever becomes of the sound, no picture waits for it. */
export class AudioOutput implements Output {
  readonly audio = document.createElement('audio');

  async open(mime: string): Promise<BufferQueue> {
    const source = await openMediaSource(this.audio);
    const queue = new BufferQueue(source.addSourceBuffer(mime));
    source.duration = DURATION_S;
    return queue;
  }

  close(): void {
    if (this.audio.src !== '') {
      releaseVideo(this.audio);
    }
  }
}

/** The sound of footage, beside its pictures and led by them. */
export class Sound {
  private wished = false;
  private running: AbortController | undefined;
  private queue: Awaited<ReturnType<Output['open']>> | undefined;
  private mime = '';
  private initId = '';
  /** What is loaded, in capture time. */
  private fromMs = 0;
  private toMs = 0;
  private hereMs = 0;
  private there: boolean | undefined;

  constructor(
    private readonly seen: Seen,
    private readonly catalog: ArchiveCatalog,
    private readonly source: TrackSource,
    private readonly output: Output,
  ) {}

  listen(on: boolean): void {
    this.wished = on;
    if (!on) {
      this.end();
      this.there = undefined;
    }
  }

  /** Whether there is something to be heard; absent while nobody listens. */
  isThere(): boolean | undefined {
    return this.there;
  }

  /**
   * To be called some times a second.
   *
   * @param playing whether pictures are played forwards by the film
   */
  follow(playing: boolean, rate: number): void {
    const { audio } = this.output;
    if (!this.wished || !playing || rate < RATE_MIN || rate > RATE_MAX) {
      if (!audio.paused) {
        audio.pause();
      }
      return;
    }
    const here = this.seen.positionS();
    this.hereMs = this.seen.utcOf(here) ?? this.hereMs;
    if (this.hereMs === 0) {
      return;
    }
    if (!this.running || this.hereMs < this.fromMs - POLL_MS || this.hereMs > this.toMs + JUMP_MS) {
      this.begin();
    }
    const loaded = this.queue?.buffered().some(({ start, end }) => here >= start && here < end) ?? false;
    if (!loaded || audio.seeking) {
      return;
    }
    const apart = audio.currentTime - here;
    if (Math.abs(apart) > APART_MAX_S) {
      audio.currentTime = here;
    }
    audio.playbackRate = Math.abs(apart) > APART_MIN_S ? rate * (1 - Math.sign(apart) * NUDGE) : rate;
    if (audio.paused) {
      void audio.play().catch(() => undefined);
    }
  }

  close(): void {
    this.end();
    this.queue?.close();
    this.output.close();
  }

  private end(): void {
    this.running?.abort();
    this.running = undefined;
    if (!this.output.audio.paused) {
      this.output.audio.pause();
    }
  }

  private begin(): void {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.fromMs = this.hereMs;
    this.toMs = this.hereMs;
    this.feed(running.signal).catch(async () => {
      if (!running.signal.aborted) {
        this.there = false;
        await pause(RETRY_MS, running.signal);
        if (this.running === running) {
          this.running = undefined;
        }
      }
    });
  }

  private async feed(signal: AbortSignal): Promise<void> {
    const place = await locate(this.catalog, this.hereMs, 'forward', 0);
    if (!('cursor' in place)) {
      return;
    }
    const cursor = { ...place.cursor, fragment: fragmentAt(place.cursor.index.fragments, place.utcMs) };
    this.queue?.clear();
    await this.queue?.remove(0, DURATION_S);
    while (!signal.aborted) {
      const { fragments } = cursor.index;
      const batch = nextBatch(fragments, cursor.fragment, cursor.fragment, TRACK_MS_MAX);
      if (!batch) {
        if (!(await goOn(this.catalog, cursor))) {
          await pause(GROWTH_POLL_MS, signal);
        }
        continue;
      }
      await this.append(cursor, batch, signal);
      const last = fragments[batch.end - 1];
      if (!signal.aborted && last) {
        cursor.fragment = batch.end;
        this.toMs = last.startMs + last.durationMs;
      }
      while (!signal.aborted && this.toMs - this.hereMs > AHEAD_MS) {
        await pause(POLL_MS, signal);
      }
    }
  }

  private async append({ segment, index }: Cursor, batch: Batch, signal: AbortSignal): Promise<void> {
    const mime = segment.hasAudio ? soundType(index.codecs) : undefined;
    this.there = mime !== undefined;
    if (mime === undefined) {
      return;
    }
    const bytes = await this.source.bytes(segment.id, batch.offset, batch.length, signal);
    let offset = this.seen.offsetOf(`${segment.runId}`);
    while (offset === undefined && !signal.aborted) {
      await pause(POLL_MS, signal);
      offset = this.seen.offsetOf(`${segment.runId}`);
    }
    const queue = await this.queueFor(mime, index.initId);
    signal.throwIfAborted();
    await queue.append(bytes, offset);
    await queue.remove(0, Math.max(0, this.seen.positionS() - BEHIND_S));
  }

  private async queueFor(mime: string, initId: string) {
    if (!this.queue) {
      this.queue = await this.output.open(mime);
    } else if (mime !== this.mime) {
      await this.queue.changeType(mime);
    }
    this.mime = mime;
    if (initId !== this.initId) {
      await this.queue.append(await this.source.init(initId));
      this.initId = initId;
    }
    return this.queue;
  }
}
