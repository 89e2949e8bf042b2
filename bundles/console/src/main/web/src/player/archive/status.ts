// SPDX-License-Identifier: Apache-2.0
import { Listeners, type PlayerPhase, type PlayerState } from '../types';

/** What a player says of itself, and to whom. */
export class Status {
  readonly listeners = new Listeners();
  private current: PlayerState = { phase: 'idle', lastPictureAtMs: 0 };

  state(): PlayerState {
    return this.current;
  }

  phase(): PlayerPhase {
    return this.current.phase;
  }

  /** Nothing can be shown. */
  hasFailed(): boolean {
    return this.current.phase === 'offline' || this.current.phase === 'unsupported';
  }

  set(phase: PlayerPhase): void {
    if (this.current.phase !== phase) {
      this.current = { ...this.current, phase, detail: undefined };
      this.listeners.notify();
    }
  }

  fail(detail: string | undefined, unsupported = false): void {
    this.current = { ...this.current, phase: unsupported ? 'unsupported' : 'offline', detail };
    this.listeners.notify();
  }

  /** A picture is on the screen; nobody has to be told. */
  picture(): void {
    this.current = { ...this.current, lastPictureAtMs: Date.now() };
  }
}
