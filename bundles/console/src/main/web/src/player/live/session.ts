// SPDX-License-Identifier: Apache-2.0
import type { StreamName } from '../../api/types';

/** How live pictures come, the soonest first. */
export const WAYS = ['webrtc', 'ws', 'hls'] as const;
export type Way = (typeof WAYS)[number];

/** Why a way is not taken. */
export interface Blocked {
  way: Way;
  /** `browser`: it does not know it. `network`: nothing came through. `stream`: not this stream. `server`: not now. `sound`: without its sound. */
  why: 'browser' | 'network' | 'stream' | 'server' | 'sound';
  /** A sentence from the server. */
  detail?: string;
}

export interface SessionEvents {
  opened(): void;
  /** A picture is on the screen: the first one, and then some each second. */
  picture(): void;
  waiting(cause: string | undefined, detail: string | undefined): void;
  undecodable(detail: string): void;
  closed(code: number, reason: string): void;
  /** Before the first picture: this way does not do, another may. */
  blocked(why: Blocked['why'], detail?: string): void;
  /** Sound was asked for, and by this way none comes of this stream. */
  silent(): void;
}

export interface SessionStats {
  codec?: string;
  width: number;
  height: number;
  framesPerSecond: number;
  kilobitsPerSecond: number;
  latencyMs?: number;
  droppedFrames: number;
  skippedUnits: number;
  bufferedAheadMs: number;
  /** Whether the sound that was asked for is there; absent when none was, or it is not known yet. */
  sound?: boolean;
}

/** One connection and one video element, by one way. Ends with its connection; the engine makes the next one. */
export interface Session {
  readonly way: Way;
  readonly stream: StreamName;
  readonly video: HTMLVideoElement;
  stats(): SessionStats;
  /** Ends the stream; the last picture stays until {@link release}. */
  close(): void;
  release(): void;
}
