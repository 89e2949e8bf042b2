// SPDX-License-Identifier: Apache-2.0
import { serverClock } from '../../api/serverClock';
import type { StreamName } from '../../api/types';
import { keepTracksOfFragments, parseFragments } from '../mp4/fragment';
import { type InitInfo, keepTracksOfInit, parseInit } from '../mp4/init';
import { BufferQueue } from '../mse/bufferQueue';
import { pictureOnly, playableType } from '../mse/codecs';
import { RateMeter } from '../mse/rateMeter';
import { createVideo, openMediaSource, releaseVideo, watchPictures } from '../mse/video';
import { LiveEdge, within } from './edgeControl';
import type { ServerMessage } from './messages';
import type { Blocked, Session, SessionEvents, SessionStats, Way } from './session';

/** Where fragments come from. */
export interface MediaSourceOf {
  close(): void;
}

/** Who takes them. */
export interface MediaListener {
  opened(): void;
  init(bytes: Uint8Array<ArrayBuffer>, codecs: string): void;
  media(bytes: Uint8Array<ArrayBuffer>): void;
  told(message: Exclude<ServerMessage, { type: 'init' }>): void;
  closed(code: number, reason: string): void;
  blocked(why: Blocked['why'], detail?: string): void;
}

/** How often is looked where to begin, and where one is then. */
const BEGIN_MS = 100;
const CONTROL_MS = 250;
const KEEP_BEHIND_S = 10;
const TRIM_BEHIND_S = 20;
/** After a burst of stored pictures this much silence means that the edge is reached; so do pictures that come no faster than they are played. */
const BURST_END_MS = 40;
const BURST_MAX_MS = 400;
/** Nearer than this it is played to the edge, further away it is jumped. */
const BEGIN_JUMP_S = 0.1;
/** Beyond this the browser does not keep up: everything waiting is given up. */
const QUEUE_BYTES_MAX = 24 * 1024 * 1024;

/** Fragments into one MediaSource and one video element, wherever they come from. Ends with its source. */
export class LiveSession implements Session {
  readonly video = createVideo();
  private readonly source: MediaSourceOf;
  private readonly bytesMeter = new RateMeter();
  private readonly pictureMeter = new RateMeter();
  private queue: BufferQueue | undefined;
  private mediaSource: MediaSource | undefined;
  private init: InitInfo | undefined;
  private codecs: string | undefined;
  private keep: ReadonlySet<number> | undefined;
  private heard: boolean | undefined;
  private mime = '';
  /** Adds to stream time to give media time; chosen anew for each initialisation segment. */
  private offset: number | undefined;
  private mediaEnd = 0;
  private captureOfMedia: number | undefined;
  private latency: number | undefined;
  private pending: Uint8Array<ArrayBuffer>[] = [];
  private pendingBytes = 0;
  /** The first picture of what is pending, in media time. */
  private pendingFrom = Number.POSITIVE_INFINITY;
  private readonly edge = new LiveEdge();
  private lastPts = 0;
  private appending = false;
  private ended = false;
  private caughtUp = false;
  private begun = false;
  private burstBeganMs = 0;
  private lastBinaryMs = 0;
  private skipped = 0;
  private presentedFrames = 0;
  private chain: Promise<void> = Promise.resolve();
  private control: ReturnType<typeof setInterval>;
  private readonly leavePictures: () => void;

  constructor(
    readonly way: Way,
    readonly stream: StreamName,
    private readonly events: SessionEvents,
    open: (listener: MediaListener) => MediaSourceOf,
    private readonly sound = false,
  ) {
    // In order, because opening the MediaSource takes a turn.
    const inTurn = (take: () => void | Promise<void>) => {
      this.chain = this.chain
        .then(() => (this.ended ? undefined : take()))
        .catch((error) => this.broken(error));
    };
    this.source = open({
      opened: () => this.events.opened(),
      init: (bytes, codecs) => inTurn(() => this.begin(bytes, codecs)),
      media: (bytes) => inTurn(() => this.media(bytes)),
      told: (message) => inTurn(() => this.told(message)),
      closed: (code, reason) => this.sourceClosed(code, reason),
      blocked: (why, detail) => this.sourceBlocked(why, detail),
    });
    this.control = setInterval(() => this.steer(), BEGIN_MS);
    this.video.addEventListener('error', () => this.broken(this.video.error));
    this.video.addEventListener('waiting', () => this.stoodStill());
    this.leavePictures = watchPictures(this.video, (metadata) => this.shown(metadata));
  }

  private told(message: Exclude<ServerMessage, { type: 'init' }>): void {
    switch (message.type) {
      case 'drop':
        this.skipped += message.skipped;
        break;
      case 'waiting':
        this.events.waiting(message.cause, message.detail);
        break;
      case 'ping': {
        // One way only, so it counts as a round trip of 100 ms: REST answers are believed before it.
        const now = Date.now();
        serverClock.sample(message.serverTimeMs, now - 100, now);
        break;
      }
    }
  }

  private async begin(bytes: Uint8Array<ArrayBuffer>, codecs: string): Promise<void> {
    this.codecs = codecs;
    const type = playableType(codecs);
    if (!type) {
      this.events.undecodable(codecs);
      this.close();
      return;
    }
    this.init = parseInit(bytes);
    // Sound that nobody listens to is left out: a track that stalls stalls the picture.
    const audio = this.sound && !type.videoOnly ? audible(this.init, type.mime) : undefined;
    this.keep = new Set(audio ? [this.init.video.id, audio.id] : [this.init.video.id]);
    keepTracksOfInit(bytes, this.keep);
    const mime = audio ? type.mime : pictureOnly(type.mime);
    if (this.sound) {
      this.heard = audio !== undefined;
    }
    if (this.heard === false) {
      this.events.silent();
    }
    if (!this.mediaSource) {
      this.mediaSource = await openMediaSource(this.video);
      if (this.ended) {
        return;
      }
      this.queue = new BufferQueue(this.mediaSource.addSourceBuffer(mime));
    } else if (mime !== this.mime) {
      await this.queue?.changeType(mime);
    }
    this.mime = mime;
    this.offset = undefined;
    this.edge.begin();
    this.flush();
    await this.queue?.append(bytes);
  }

  private media(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytesMeter.add(bytes.length, performance.now());
    if (!this.init || !this.queue || !this.keep) {
      return;
    }
    for (const fragment of parseFragments(bytes, this.init)) {
      const first = fragment.pictures[0];
      const last = fragment.pictures[fragment.pictures.length - 1];
      if (!first || !last || fragment.decodeTime === undefined) {
        continue;
      }
      this.offset ??= this.mediaEnd - Math.min(first.pts, fragment.decodeTime);
      this.pendingFrom = Math.min(this.pendingFrom, first.pts + this.offset);
      this.paced(first.pts);
      this.mediaEnd = Math.max(this.mediaEnd, last.pts + last.duration + this.offset);
      if (fragment.captureMs !== undefined) {
        this.captureOfMedia = fragment.captureMs - ((fragment.firstPts ?? first.pts) + this.offset) * 1000;
      }
    }
    if (this.offset === undefined) {
      return;
    }
    keepTracksOfFragments(bytes, this.keep);
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.pendingBytes > QUEUE_BYTES_MAX) {
      this.broken(new Error('the browser does not keep up'));
      return;
    }
    this.flush();
  }

  /** The stored pictures come at once, the others when they were taken. */
  private paced(pts: number): void {
    const now = performance.now();
    const quietMs = now - this.lastBinaryMs;
    this.caughtUp ||= this.lastBinaryMs > 0 && pts > this.lastPts && quietMs >= (pts - this.lastPts) * 500;
    this.lastPts = pts;
    this.burstBeganMs ||= now;
    this.lastBinaryMs = now;
  }

  /** Appends what has gathered while the buffer was busy in one piece. */
  private flush(): void {
    if (this.appending || this.pending.length === 0 || !this.queue) {
      return;
    }
    const bytes = joined(this.pending, this.pendingBytes);
    const from = this.pendingFrom;
    this.pending = [];
    this.pendingBytes = 0;
    this.pendingFrom = Number.POSITIVE_INFINITY;
    this.appending = true;
    this.queue.append(bytes, this.offset).then(
      () => {
        this.appending = false;
        this.playable(from);
        this.flush();
      },
      (error) => this.broken(error),
    );
  }

  /** What has been appended can be played. Of the stored pictures none says how soon new ones come. */
  private playable(from: number): void {
    if (this.caughtUp) {
      // With its sound a picture is playable when that is there too, which may be a little later.
      const end = this.heard ? this.queue?.buffered().at(-1)?.end : undefined;
      this.edge.arrived(Math.min(from, end ?? from), performance.now());
      if (!this.begun) {
        this.steer();
      }
    }
  }

  private stoodStill(): void {
    const ranges = this.queue?.buffered() ?? [];
    const last = ranges[ranges.length - 1];
    if (this.begun && last && !this.video.seeking) {
      this.edge.stalled(last.end - this.video.currentTime, performance.now());
    }
  }

  private steer(): void {
    const queue = this.queue;
    const ranges = queue?.buffered() ?? [];
    const last = ranges[ranges.length - 1];
    if (!queue || !last || this.ended || this.video.seeking) {
      return;
    }
    if (!this.begun) {
      this.catchUp(last);
      return;
    }
    const { currentTime, playbackRate } = this.video;
    const decision = this.edge.decide(currentTime, ranges, playbackRate, performance.now());
    if (decision.seekTo !== undefined) {
      this.video.currentTime = decision.seekTo;
    }
    if (playbackRate !== decision.rate) {
      this.video.playbackRate = decision.rate;
    }
    const first = ranges[0];
    if (first && this.video.currentTime - first.start > TRIM_BEHIND_S && queue.length() === 0) {
      void queue.remove(0, this.video.currentTime - KEEP_BEHIND_S).catch(() => undefined);
    }
  }

  /** Waits for the end of the stored pictures, then starts at the newest one. */
  private catchUp(last: { start: number; end: number }): void {
    const now = performance.now();
    this.caughtUp ||= now - this.lastBinaryMs > BURST_END_MS || now - this.burstBeganMs > BURST_MAX_MS;
    if (this.caughtUp) {
      this.begun = true;
      clearInterval(this.control);
      this.control = setInterval(() => this.steer(), CONTROL_MS);
      const delayMs = this.edge.delayMs(now);
      // Before the first picture that came in its own time, the last one of the others is the newest there is.
      const wanted = within(last, delayMs === undefined ? last.end : (now - delayMs) / 1_000);
      if (wanted - this.video.currentTime > BEGIN_JUMP_S) {
        this.video.currentTime = wanted;
      }
      void this.video.play().catch(() => undefined);
    }
  }

  private shown({ presentedFrames, presentationTime, mediaTime }: VideoFrameCallbackMetadata): boolean {
    this.pictureMeter.add(presentedFrames - this.presentedFrames, performance.now());
    this.presentedFrames = presentedFrames;
    if (this.captureOfMedia !== undefined) {
      // Where the page is busy this is called late.
      const presentedMs = serverClock.now() - (performance.now() - presentationTime);
      this.latency = presentedMs - (mediaTime * 1000 + this.captureOfMedia);
    }
    this.events.picture();
    return false;
  }

  stats(): SessionStats {
    const now = performance.now();
    const ranges = this.queue?.buffered() ?? [];
    const end = ranges[ranges.length - 1]?.end ?? 0;
    return {
      codec: this.codecs,
      width: this.video.videoWidth,
      height: this.video.videoHeight,
      framesPerSecond: this.pictureMeter.perSecond(now),
      kilobitsPerSecond: (this.bytesMeter.perSecond(now) * 8) / 1000,
      latencyMs: this.latency,
      droppedFrames: this.video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0,
      skippedUnits: this.skipped,
      bufferedAheadMs: Math.max(0, (end - this.video.currentTime) * 1000),
      sound: this.heard,
    };
  }

  private sourceBlocked(why: Blocked['why'], detail?: string): void {
    if (!this.ended) {
      this.stop();
      this.events.blocked(why, detail);
    }
  }

  private sourceClosed(code: number, reason: string): void {
    if (!this.ended) {
      this.stop();
      this.events.closed(code, reason);
    }
  }

  private broken(error: unknown): void {
    if (!this.ended) {
      this.close();
      this.events.closed(4000, error instanceof Error ? error.message : String(error ?? ''));
    }
  }

  /** Ends the stream; the last picture stays until {@link release}. */
  close(): void {
    this.stop();
    this.source.close();
  }

  private stop(): void {
    this.ended = true;
    clearInterval(this.control);
    this.leavePictures();
    this.queue?.close();
    this.video.pause();
  }

  release(): void {
    this.close();
    releaseVideo(this.video);
  }
}

/** The track to be listened to, if its codec is among those that are announced. */
function audible(init: InitInfo, mime: string) {
  return mime === pictureOnly(mime) ? undefined : init.tracks.find(({ kind }) => kind === 'audio');
}

function joined(parts: Uint8Array<ArrayBuffer>[], bytes: number): Uint8Array<ArrayBuffer> {
  if (parts.length === 1 && parts[0]) {
    return parts[0];
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
