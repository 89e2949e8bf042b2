// SPDX-License-Identifier: Apache-2.0
import type { GroupHost } from './groupDecoder';
import type { FromWorker, Inexact, JobHead, JobPart, ToWorker } from './messages';

/** One group of pictures on its way through the decoder. */
export interface Decoding {
  part(part: JobPart): void;
  /** Nothing more of it is told. */
  stop(): void;
}

/** Who a group is decoded for; for how many pictures there is room, this side knows. */
export type LineHost = Omit<GroupHost, 'hasRoom'>;

/** One player's line to the decoder; what is begun on it ends what was begun before. */
export interface DecoderLine {
  begin(head: JobHead, host: LineHost): Decoding;
  /** What decoded pictures of this player may take. */
  bytesMax(): number;
  /** That so many pixels a second were decoded. */
  decoded(pixelsPerSecond: number): void;
  /** Whether all players together could decode so many pixels a second each; so as long as nothing was decoded. */
  canDecode(pixelsPerSecond: number): boolean;
  close(): void;
}

/** Of all players in a window: 32 pictures of 1080p. With a video, and what Chromium has for a page, that is half a gigabyte. */
const BYTES_MAX = 96 * 1024 * 1024;
/** Of what was measured, as there is more to do than decoding. */
const SHARE_MAX = 0.5;
/** Of the latest measurement in what is known. */
const NEWS = 0.3;

/** Why there is no decoder; undefined where there is one. */
export function decoderMissing(scope: object = globalThis): Inexact | undefined {
  if ('VideoDecoder' in scope && 'Worker' in scope) {
    return undefined;
  }
  return 'isSecureContext' in scope && scope.isSecureContext === false ? 'insecure' : 'browser';
}

type Talk = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

/** The worker that decodes for all players of a window: there as long as one of them needs it. */
export class DecoderExchange {
  private readonly hosts = new Map<number, { job: number; host: LineHost | undefined }>();
  private worker: Talk | undefined;
  private lines = 0;
  private pixelsPerSecond: number | undefined;

  constructor(private readonly make: () => Talk) {}

  open(): DecoderLine {
    const line = ++this.lines;
    this.hosts.set(line, { job: 0, host: undefined });
    return {
      begin: (head, host) => this.begin(line, head, host),
      bytesMax: () => BYTES_MAX / Math.max(1, this.hosts.size),
      decoded: (pixels) => {
        this.pixelsPerSecond = (this.pixelsPerSecond ?? pixels) * (1 - NEWS) + pixels * NEWS;
      },
      canDecode: (pixels) =>
        this.pixelsPerSecond === undefined || pixels * this.hosts.size <= this.pixelsPerSecond * SHARE_MAX,
      close: () => this.close(line),
    };
  }

  private begin(line: number, head: JobHead, host: LineHost): Decoding {
    const mine = this.hosts.get(line);
    if (!mine) {
      throw new Error('the line is closed');
    }
    const job = ++mine.job;
    mine.host = host;
    this.send({ kind: 'begin', line, job, ...head });
    const isOn = () => mine.job === job && mine.host !== undefined;
    return {
      part: (part) => {
        if (isOn()) {
          this.send({ kind: 'part', line, job, ...part }, [part.bytes.buffer]);
        }
      },
      stop: () => {
        if (isOn()) {
          mine.host = undefined;
          this.send({ kind: 'stop', line, job });
        }
      },
    };
  }

  private close(line: number): void {
    if (this.hosts.delete(line)) {
      if (this.hosts.size === 0) {
        this.worker?.terminate();
        this.worker = undefined;
      } else if (this.worker) {
        this.send({ kind: 'close', line });
      }
    }
  }

  private send(what: ToWorker, transfer: Transferable[] = []): void {
    if (!this.worker) {
      this.worker = this.make();
      this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.told(data);
      this.worker.onerror = (event) => this.broke(event.message);
    }
    this.worker.postMessage(what, transfer);
  }

  private told(what: FromWorker): void {
    const mine = this.hosts.get(what.line);
    const host = mine?.job === what.job ? mine.host : undefined;
    switch (what.kind) {
      case 'times':
        host?.times(what.times);
        break;
      case 'picture':
        this.worker?.postMessage({ kind: 'taken', line: what.line } satisfies ToWorker);
        if (host) {
          host.picture(what.utcMs, what.still);
        } else {
          what.still.image.close();
        }
        break;
      default:
        if (mine && host) {
          mine.host = undefined;
          if (what.kind === 'done') {
            host.done(what.tookMs);
          } else {
            host.failed(what.why, what.detail);
          }
        }
    }
  }

  /** The worker itself is gone: whoever waits learns it, and the next one who asks has another. */
  private broke(detail: string): void {
    this.worker?.terminate();
    this.worker = undefined;
    for (const mine of this.hosts.values()) {
      const { host } = mine;
      mine.host = undefined;
      host?.failed('decoder', detail);
    }
  }
}

export const decoders = new DecoderExchange(
  () => new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' }),
);
