// SPDX-License-Identifier: Apache-2.0
import { parseFragments } from '../mp4/fragment';
import { type InitInfo, parseInit } from '../mp4/init';
import { samplesIn } from '../mp4/samples';
import type { JobHead, JobPart, PictureTime, Still } from './messages';

export interface GroupHost {
  /** Of a part, in order of presentation. */
  times(times: PictureTime[]): void;
  picture(utcMs: number, still: Still): void;
  /** Whether another one may come; where it may not, `GroupDecoder.goOn` says when it may. */
  hasRoom(): boolean;
  /** @param tookMs how long it was worked on; waiting for its bytes does not count */
  done(tookMs: number): void;
  failed(why: 'codec' | 'decoder', detail: string): void;
}

/** What of WebCodecs is used, so that it can be tested without a browser. */
export interface Codecs {
  decoder(init: VideoDecoderInit): VideoDecoder;
  supports(config: VideoDecoderConfig): Promise<boolean>;
  chunk(init: EncodedVideoChunkInit): EncodedVideoChunk;
  bitmap(frame: VideoFrame): Promise<ImageBitmap>;
  now(): number;
  pause(ms: number): Promise<void>;
}

export const browserCodecs: Codecs = {
  decoder: (init) => new VideoDecoder(init),
  supports: async (config) => (await VideoDecoder.isConfigSupported(config)).supported === true,
  chunk: (init) => new EncodedVideoChunk(init),
  bitmap: (frame) => createImageBitmap(frame),
  now: () => performance.now(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Access units that wait in the decoder: enough to keep it busy. */
const QUEUE_MAX = 8;
/** So long after what was waited for the rest is begun: meanwhile others, or the next one, may be waited for. */
const REST_AFTER_MS = 100;
/** On the processor first: its pictures lie in memory that can be kept; a graphics card has some ten to lend. */
const HOW = ['prefer-software', 'no-preference'] as const;
const KNOWN_MAX = 16;

interface Setting {
  config: VideoDecoderConfig;
  init: InitInfo;
  /** Pictures are given back to the decoder at once, as copies. */
  lent: boolean;
}

interface Job {
  head: JobHead;
  host: GroupHost;
  parts: JobPart[];
  times: Map<number, number>;
  copies: Promise<void>[];
  feeding: boolean;
  fed: number;
  /** The picture that was waited for has come; then it was rested. */
  served: boolean;
  rested: boolean;
  tookMs: number;
}

/** Decodes one group of pictures at a time; a new one ends the one before. */
export class GroupDecoder {
  private readonly settings = new Map<string, Setting | undefined>();
  private decoder: VideoDecoder | undefined;
  private configuredFor = '';
  private lent = false;
  private job: Job | undefined;
  private resume: () => void = () => undefined;

  constructor(private readonly codecs: Codecs = browserCodecs) {}

  begin(head: JobHead, host: GroupHost): void {
    this.stop();
    this.job = {
      head,
      host,
      parts: [],
      times: new Map(),
      copies: [],
      feeding: false,
      fed: 0,
      served: false,
      rested: head.wantedMs === undefined,
      tookMs: 0,
    };
  }

  part(part: JobPart): void {
    const { job } = this;
    if (job) {
      job.parts.push(part);
      if (!job.feeding) {
        job.feeding = true;
        void this.feed(job).catch((error) => this.failed(job, 'decoder', error));
      }
    }
  }

  /** There may be room again for what is decoded. */
  goOn(): void {
    this.resume();
  }

  /** Gives up what is being decoded. */
  stop(): void {
    const { job } = this;
    this.job = undefined;
    this.resume();
    if (job && job.fed > 0 && this.decoder && this.decoder.state !== 'closed') {
      this.decoder.reset();
      this.configuredFor = '';
    }
  }

  close(): void {
    this.stop();
    if (this.decoder && this.decoder.state !== 'closed') {
      this.decoder.close();
    }
    this.decoder = undefined;
  }

  private async feed(job: Job): Promise<void> {
    const setting = await this.settingFor(job.head);
    if (this.job !== job) {
      return;
    }
    if (!setting) {
      this.failed(job, 'codec', job.head.codec);
      return;
    }
    this.configure(job, setting);
    let last = false;
    for (let part = job.parts.shift(); part && this.job === job; part = job.parts.shift()) {
      const beganMs = this.codecs.now();
      await this.feedPart(job, part, setting);
      job.tookMs += this.codecs.now() - beganMs;
      last = part.last;
    }
    if (this.job !== job) {
      return;
    }
    job.feeding = false;
    if (last) {
      const beganMs = this.codecs.now();
      await this.decoder?.flush();
      await Promise.all(job.copies);
      if (this.job === job) {
        this.job = undefined;
        job.host.done(job.tookMs + this.codecs.now() - beganMs);
      }
    }
  }

  private async feedPart(job: Job, { bytes, startsMs }: JobPart, { init }: Setting): Promise<void> {
    const fragments = samplesIn(bytes, init);
    const leads = parseFragments(bytes, init);
    const times: PictureTime[] = [];
    fragments.forEach(({ samples }, n) => {
      const startMs = startsMs[n];
      const leadPts = leads[n]?.leadPts;
      if (startMs !== undefined && leadPts !== undefined) {
        for (const { pts, duration } of samples) {
          const utcMs = startMs + (pts - leadPts) * 1000;
          job.times.set(stamp(pts), utcMs);
          times.push({ utcMs, durationMs: duration * 1000 });
        }
      }
    });
    job.host.times(times.sort((a, b) => a.utcMs - b.utcMs));
    for (const { offset, length, pts, duration, key } of fragments.flatMap(({ samples }) => samples)) {
      // What is waited for is not held up.
      const waits = () => (job.served || job.head.wantedMs === undefined) && !job.host.hasRoom();
      while (this.job === job && ((this.decoder?.decodeQueueSize ?? 0) >= QUEUE_MAX || waits())) {
        await new Promise<void>((resume) => {
          this.resume = resume;
        });
      }
      if (job.served && !job.rested) {
        job.rested = true;
        const beganMs = this.codecs.now();
        await this.codecs.pause(REST_AFTER_MS);
        job.tookMs -= this.codecs.now() - beganMs;
      }
      if (this.job !== job || (job.head.keyOnly && job.fed > 0)) {
        return;
      }
      this.decoder?.decode(
        this.codecs.chunk({
          // The index says where decoding can start.
          type: key || job.fed === 0 ? 'key' : 'delta',
          timestamp: stamp(pts),
          duration: Math.round(duration * 1e6),
          data: bytes.subarray(offset, offset + length),
        }),
      );
      job.fed++;
    }
  }

  private configure(job: Job, { config, lent }: Setting): void {
    if (this.decoder?.state === 'closed') {
      this.decoder = undefined;
    }
    if (!this.decoder) {
      this.configuredFor = '';
      this.decoder = this.codecs.decoder({
        output: (frame) => this.decoded(frame),
        error: (error) => {
          if (this.job) {
            this.failed(this.job, 'decoder', error);
          }
        },
      });
      this.decoder.addEventListener('dequeue', () => this.resume());
    }
    if (this.configuredFor !== job.head.initId) {
      this.decoder.configure(config);
      this.configuredFor = job.head.initId;
      this.lent = lent;
    }
  }

  private decoded(frame: VideoFrame): void {
    const { job } = this;
    const utcMs = job?.times.get(frame.timestamp);
    if (!job || utcMs === undefined) {
      frame.close();
      return;
    }
    job.served ||= utcMs >= (job.head.wantedMs ?? Number.POSITIVE_INFINITY);
    const { displayWidth: width, displayHeight: height } = frame;
    if (!this.lent) {
      job.host.picture(utcMs, { image: frame, width, height, bytes: sizeOf(frame) });
      return;
    }
    const copy = this.codecs.bitmap(frame).then(
      (image) => {
        if (this.job === job) {
          job.host.picture(utcMs, { image, width, height, bytes: image.width * image.height * 4 });
        } else {
          image.close();
        }
      },
      // One picture less; who waits for it learns so at the end.
      () => undefined,
    );
    job.copies.push(copy.finally(() => frame.close()));
  }

  private failed(job: Job, why: 'codec' | 'decoder', error: unknown): void {
    if (this.job === job) {
      this.job = undefined;
      this.resume();
      if (why === 'decoder' && this.decoder) {
        if (this.decoder.state !== 'closed') {
          this.decoder.close();
        }
        this.decoder = undefined;
      }
      job.host.failed(why, error instanceof Error ? error.message : String(error));
    }
  }

  private async settingFor({ initId, init: bytes, codec }: JobHead): Promise<Setting | undefined> {
    if (this.settings.has(initId)) {
      return this.settings.get(initId);
    }
    const init = parseInit(bytes);
    let found: Setting | undefined;
    for (const hardwareAcceleration of HOW) {
      const config = { codec, description: init.video.configuration, hardwareAcceleration };
      if (!found && (await this.codecs.supports(config))) {
        found = { config, init, lent: hardwareAcceleration !== 'prefer-software' };
      }
    }
    this.settings.set(initId, found);
    const oldest = this.settings.keys().next().value;
    if (this.settings.size > KNOWN_MAX && oldest !== undefined) {
      this.settings.delete(oldest);
    }
    return found;
  }
}

/** WebCodecs counts whole microseconds. */
const stamp = (seconds: number): number => Math.round(seconds * 1e6);

function sizeOf(frame: VideoFrame): number {
  // One in a form of its own does not say.
  return frame.format === null ? frame.codedWidth * frame.codedHeight * 4 : frame.allocationSize();
}
