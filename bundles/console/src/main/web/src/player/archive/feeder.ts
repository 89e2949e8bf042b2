// SPDX-License-Identifier: Apache-2.0
import type { RateMeter } from '../mse/rateMeter';
import { type ArchiveBuffer, UnsupportedError } from './archiveBuffer';
import type { ArchiveCatalog, ArchiveSource } from './catalog';
import { type Cursor, goOn } from './cursor';
import { aheadOf, nextBatch } from './feedPlan';

const AHEAD_S = 30;
/** Played backwards, what is ahead was seen already. */
const AHEAD_BACKWARDS_S = 1;
const GROWTH_POLL_MS = 1_000;
const RETRY_MS = 2_000;

export interface FeederHost {
  positionS(): number;
  rate(): number;
  /** More is in the buffer, or the newest footage is reached. */
  progress(): void;
  /** {@return whether to go on where it broke after a moment} */
  broken(detail: string, unsupported: boolean): boolean;
  resumed(): void;
}

/** Reads footage ahead of the position into the buffer, as long as nobody moves on. */
export class Feeder {
  private running: AbortController | undefined;
  /** Whether the newest footage is reached. */
  tail = false;

  constructor(
    private readonly source: ArchiveSource,
    private readonly catalog: ArchiveCatalog,
    private readonly buffer: ArchiveBuffer,
    private readonly bytesMeter: RateMeter,
    private readonly host: FeederHost,
  ) {}

  begin(cursor: Cursor): void {
    this.running = new AbortController();
    void this.feed(cursor, this.running.signal);
  }

  stop(): void {
    this.running?.abort();
    this.running = undefined;
  }

  signal(): AbortSignal | undefined {
    return this.running?.signal;
  }

  private async feed(start: Cursor, signal: AbortSignal): Promise<void> {
    const cursor = start;
    try {
      while (!signal.aborted) {
        const batch = nextBatch(
          cursor.index.fragments,
          cursor.fragment,
          Math.max(cursor.mustReach, cursor.fragment),
          this.source.batchMsMax,
        );
        if (!batch) {
          await this.advance(cursor, signal);
          continue;
        }
        this.tail = false;
        const bytes = await this.source.bytes(cursor.segment.id, batch.offset, batch.length, signal);
        this.bytesMeter.add(bytes.length, performance.now());
        await this.buffer.append(cursor, batch.first, bytes, signal);
        cursor.fragment = batch.end;
        cursor.mustReach = batch.end;
        this.host.progress();
        const rate = this.host.rate();
        const wanted = rate < 0 ? AHEAD_BACKWARDS_S : Math.max(AHEAD_S, Math.min(120, rate * 12));
        while (!signal.aborted && aheadOf(this.host.positionS(), this.buffer.buffered()) > wanted) {
          await pause(250, signal);
        }
      }
    } catch (error) {
      if (!signal.aborted) {
        const detail = error instanceof Error ? error.message : String(error);
        if (this.host.broken(detail, error instanceof UnsupportedError)) {
          this.recover(cursor, signal);
        }
      }
    } finally {
      this.host.progress();
    }
  }

  /** After a lost connection or a restarting server: go on where it broke, as long as the user has not moved on. */
  private recover(cursor: Cursor, signal: AbortSignal): void {
    void pause(RETRY_MS, signal).then(() => {
      if (!signal.aborted) {
        this.host.resumed();
        void this.feed(cursor, signal);
      }
    });
  }

  private async advance(cursor: Cursor, signal: AbortSignal): Promise<void> {
    if (!(await goOn(this.catalog, cursor))) {
      this.tail = true;
      this.host.progress();
      await pause(GROWTH_POLL_MS, signal);
    }
  }
}

/** As long as it is wanted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
