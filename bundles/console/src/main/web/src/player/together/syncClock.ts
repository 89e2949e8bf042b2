// SPDX-License-Identifier: Apache-2.0
import { Listeners } from '../types';

/** Nearer to the newest footage than what is played in this time, nothing is played faster than it is recorded. */
const BRAKE_MS = 400;

/** What a clock shows, and from where it goes on. */
export interface ClockState {
  positionMs: number;
  /** 0: stands still; below 0 backwards. */
  speed: number;
}

/** The moment that several cameras show together. It goes on whether or not they can follow. */
export class SyncClock {
  private readonly listeners = new Listeners();
  private baseMs: number;
  private sinceMs: number;
  private speed = 0;
  private jumps = 0;

  /** @param newest the latest moment there can be footage of */
  constructor(
    startMs: number,
    private readonly newest: () => number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.baseMs = startMs;
    this.sinceMs = now();
  }

  position(): number {
    const moment = this.baseMs + this.speed * (this.now() - this.sinceMs);
    const newest = this.newest();
    if (moment > newest) {
      this.restart(newest);
      return newest;
    }
    return Math.max(0, moment);
  }

  /** How fast it goes just now; at the newest footage no faster than that grows. */
  rate(): number {
    const fast = this.speed > 1 && this.newest() - this.position() < this.speed * BRAKE_MS;
    return fast ? 1 : this.speed;
  }

  /** The speed asked for. */
  wanted(): number {
    return this.speed;
  }

  /** Another number after each jump: what was shown before is not what is to be shown now. */
  jump(): number {
    return this.jumps;
  }

  seek(utcMs: number): void {
    this.restart(Math.max(0, Math.min(utcMs, this.newest())));
    this.jumps++;
    this.listeners.notify();
  }

  /** Goes on from a moment that is hardly another one: whoever follows catches up instead of jumping. */
  align(utcMs: number): void {
    this.restart(Math.max(0, Math.min(utcMs, this.newest())));
  }

  /** @param speed 0 stands still: then each camera shows the very picture of the moment */
  run(speed: number): void {
    this.restart(this.position());
    if (speed === 0 && this.speed !== 0) {
      this.jumps++;
    }
    this.speed = speed;
    this.listeners.notify();
  }

  state(): ClockState {
    return { positionMs: this.position(), speed: this.speed };
  }

  subscribe(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  private restart(positionMs: number): void {
    this.baseMs = positionMs;
    this.sinceMs = this.now();
  }
}
