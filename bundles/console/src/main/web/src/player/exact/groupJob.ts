// SPDX-License-Identifier: Apache-2.0
import type { ArchiveCatalog, ArchiveSource } from '../archive/catalog';
import { pictureCodec } from '../mse/codecs';
import type { DecoderLine, Decoding } from './decoderLine';
import { fragmentOf, type Group, isOfPart, knowsAll, rangesOf, SLACK_MS } from './groups';
import type { Inexact, PictureTime, Still } from './messages';

/** Where bytes come from, and where they are decoded. */
export interface Means {
  source: ArchiveSource;
  catalog: ArchiveCatalog;
  line(): DecoderLine;
  onBytes(count: number): void;
}

export interface JobHost {
  /** More is known of the group's pictures. */
  timed(): void;
  came(job: GroupJob, utcMs: number, still: Still): void;
  /** Of one that was not stopped. */
  ended(job: GroupJob, problem: Inexact | undefined): void;
}

/** So many pictures say how fast they are decoded. */
const MEASURED_MIN = 10;

/** A group of pictures that is fetched and decoded. */
export class GroupJob {
  private readonly giveUp = new AbortController();
  private readonly passed = new Set<number>();
  /** Of the parts on their way to the decoder, behind which fragment they end. */
  private readonly ends: number[] = [];
  private decoding: Decoding | undefined;
  private tookMs = 0;
  private pixels = 0;

  /** @param keyOnly its key frame, and nothing else */
  constructor(
    private readonly means: Means,
    readonly group: Group,
    readonly keyOnly: boolean,
    private readonly host: JobHost,
  ) {
    if (!keyOnly && !knowsAll(group)) {
      group.times = [];
      group.knownTo = group.first;
    }
  }

  /** @param utcMs what is fetched first: up to this moment's picture, which is waited for if it is one of the group's */
  begin(utcMs: number): void {
    // Bytes that cannot be had: the video, which is asked next, says so.
    this.run(utcMs).catch(() => this.ended(undefined));
  }

  /** Whether that picture has come, were it kept or not. */
  hasPassed(utcMs: number): boolean {
    return this.passed.has(utcMs);
  }

  /** Nothing more of it is told. */
  stop(): void {
    this.giveUp.abort();
    this.decoding?.stop();
  }

  /** {@return pixels decoded in a second, if there were enough to say} */
  pace(): number | undefined {
    const enough = this.passed.size >= MEASURED_MIN && this.tookMs > 0;
    return enough ? (this.pixels / this.tookMs) * 1000 : undefined;
  }

  private async run(utcMs: number): Promise<void> {
    const { source, catalog, line, onBytes } = this.means;
    const { index, segment, first } = this.group;
    const end = this.keyOnly ? first + 1 : this.group.end;
    const { signal } = this.giveUp;
    const init = await catalog.init(index.initId);
    if (signal.aborted) {
      return;
    }
    const codec = pictureCodec(index.codecs) ?? '';
    // A picture lasts until the next: the one before the moment's end may be the one.
    const wantedMs = utcMs < this.group.endMs ? utcMs - SLACK_MS : undefined;
    const decoding = line().begin(
      { initId: index.initId, init, codec, keyOnly: this.keyOnly, wantedMs },
      {
        times: (times) => this.timed(times),
        picture: (at, still) => {
          this.passed.add(at);
          this.pixels += still.width * still.height;
          this.host.came(this, at, still);
        },
        done: (tookMs) => {
          this.tookMs = tookMs;
          this.ended(undefined);
        },
        failed: (why) => this.ended(why),
      },
    );
    this.decoding = decoding;
    // What is waited for, and a little more, for a decoder gives out a picture when some have followed.
    const reach = Math.min(end, fragmentOf(this.group, utcMs) + 2);
    const ranges = [...rangesOf(index.fragments, first, reach), ...rangesOf(index.fragments, reach, end)];
    for (const range of ranges) {
      const bytes = await source.bytes(segment.id, range.offset, range.length, signal);
      if (signal.aborted) {
        return;
      }
      onBytes(bytes.length);
      this.ends.push(range.end);
      const startsMs = index.fragments.slice(range.first, range.end).map(({ startMs }) => startMs);
      decoding.part({ bytes, startsMs, last: range.end === end });
    }
  }

  private timed(times: PictureTime[]): void {
    const { group } = this;
    const end = this.ends.shift();
    if (!this.keyOnly && end !== undefined && end > group.knownTo) {
      group.knownTo = end;
      const counted = times.filter((time) => isOfPart(group.index, time));
      group.times = [...group.times, ...counted].sort((a, b) => a.utcMs - b.utcMs);
    }
    this.host.timed();
  }

  private ended(problem: Inexact | undefined): void {
    if (!this.giveUp.signal.aborted) {
      this.stop();
      this.host.ended(this, problem);
    }
  }
}
