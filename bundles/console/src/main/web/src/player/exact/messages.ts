// SPDX-License-Identifier: Apache-2.0
// What the page and the decoding worker say to each other. A line is one player's; a job is one group of pictures.

/** Why pictures cannot be decoded one by one. */
export type Inexact = 'insecure' | 'browser' | 'codec' | 'decoder';

export interface JobHead {
  initId: string;
  /** The initialisation segment. */
  init: Uint8Array<ArrayBuffer>;
  /** As `VideoDecoder` wants it: `avc1.640028`. */
  codec: string;
  /** The key frame, and nothing else. */
  keyOnly: boolean;
  /** The picture that is waited for; once it is there, others may come first. */
  wantedMs?: number;
}

/** Whole fragments that follow each other. */
export interface JobPart {
  bytes: Uint8Array<ArrayBuffer>;
  /** When each of them begins, by the archive's index. */
  startsMs: number[];
  /** Nothing follows. */
  last: boolean;
}

export type ToWorker =
  | ({ kind: 'begin'; line: number; job: number } & JobHead)
  | ({ kind: 'part'; line: number; job: number } & JobPart)
  | { kind: 'stop'; line: number; job: number }
  /** A picture of it, of whichever job, has been taken over. */
  | { kind: 'taken'; line: number }
  | { kind: 'close'; line: number };

/** When a picture was taken, and how long it is to be seen. */
export interface PictureTime {
  utcMs: number;
  durationMs: number;
}

/** A decoded picture; who holds it closes it. */
export interface Still {
  image: VideoFrame | ImageBitmap;
  width: number;
  height: number;
  bytes: number;
}

export type FromWorker = { line: number; job: number } & (
  | { kind: 'times'; times: PictureTime[] }
  | { kind: 'picture'; utcMs: number; still: Still }
  /** How long it was worked on. */
  | { kind: 'done'; tookMs: number }
  | { kind: 'failed'; why: 'codec' | 'decoder'; detail: string }
);
