// SPDX-License-Identifier: Apache-2.0
import type { StreamName } from '../api/types';
import type { Inexact } from './exact/messages';
import type { Blocked, Way } from './live/session';

/** What a tile shows. Every state but `live` and `playing` has words for the operator. */
export type PlayerPhase =
  | 'idle'
  | 'connecting'
  | 'live'
  | 'stalled'
  | 'offline'
  | 'forbidden'
  | 'missing'
  | 'unsupported'
  | 'no-way'
  | 'suspended'
  | 'playing'
  | 'paused'
  | 'buffering'
  | 'no-footage';

export interface PlayerState {
  phase: PlayerPhase;
  /** Machine-readable cause as the server names it. */
  cause?: string;
  /** A sentence from the server. */
  detail?: string;
  /** Local clock, when the newest picture was shown; 0 before the first. */
  lastPictureAtMs: number;
  stream?: StreamName;
  /** With `no-way`: what is wrong with the one that is asked for. */
  blocked?: Blocked;
}

export interface PlayerStats {
  engine: Way | 'mse-archive' | 'webcodecs';
  /** Ways that were tried before the one that is taken, with why they are not; live only. */
  blocked?: readonly Blocked[];
  /** Whether the sound that was asked for is there; absent when none was. */
  sound?: boolean;
  codec?: string;
  width: number;
  height: number;
  framesPerSecond: number;
  kilobitsPerSecond: number;
  /** Age of the shown picture by the server's clock; live only. */
  latencyMs?: number;
  droppedFrames: number;
  skippedUnits: number;
  bufferedAheadMs: number;
  /** Why pictures are not decoded one by one, but sought in the video; archive only. */
  inexact?: Inexact;
  /** Reached speed over the last seconds; archive only. */
  speed?: number;
}

/** How a picture is to be taken. */
export interface PictureWish {
  type?: 'image/jpeg' | 'image/png';
  /** Written into it: from the time at which it was taken. */
  caption?: (utcMs: number) => string;
}

/** A picture, and when it was taken. */
export interface TakenPicture {
  blob: Blob;
  utcMs: number;
}

/** One camera's picture, whatever makes it. Times are UTC milliseconds; media time never leaves an engine. */
export interface CameraPlayer {
  /** Puts the picture into the element; call once. */
  attach(host: HTMLElement): void;
  play(): void;
  pause(): void;
  /** The shown picture in full resolution; live the one of this moment, of the main stream. */
  snapshot(wish?: PictureWish): Promise<TakenPicture>;
  state(): PlayerState;
  stats(): PlayerStats;
  /** Tells of every change of {@link state}. */
  subscribe(listener: () => void): () => void;
  /** Ends everything; the player cannot be used again. */
  dispose(): void;
}

/** A player of recorded footage. */
export interface ArchivePlayer extends CameraPlayer {
  /**
   * Shows the last picture at or before the moment.
   *
   * @returns the capture time of the picture that is shown
   */
  seek(utcMs: number): Promise<number>;
  /** Goes whole pictures forward or back, paused. */
  step(pictures: number): Promise<number>;
  /** How many times as fast as it was; below 0 backwards. */
  setRate(rate: number): void;
  /** The moment shown now. */
  position(): number;
}

export class Listeners {
  private readonly listeners = new Set<() => void>();

  add(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  notify(): void {
    for (const listener of [...this.listeners]) {
      listener();
    }
  }

  clear(): void {
    this.listeners.clear();
  }
}
