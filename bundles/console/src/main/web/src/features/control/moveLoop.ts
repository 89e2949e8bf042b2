// SPDX-License-Identifier: Apache-2.0
import type { Motion } from '../../api/control';

/** How a camera is told to move. */
export interface Head {
  move(motion: Motion, durationMs: number): Promise<unknown>;
  stop(): Promise<unknown>;
}

/** The server stops by itself when it hears nothing for so long: a closed tab or a lost network moves nothing on. */
export const HOLD_MS = 1_500;
/** How often a move that goes on is said again. */
export const RENEW_MS = 500;
/** Not more often than ten times a second, however fast the pointer is. */
export const PACE_MS = 100;

/**
 * Moves a camera as long as somebody steers. One request is under way at a time and the newest motion is sent next; stopping
 * waits for nothing, and is said again when a move was under way that may arrive behind it.
 */
export class MoveLoop {
  private wanted: Motion | undefined;
  private sent: Motion | undefined;
  private sentAtMs = 0;
  private underWay = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly head: Head,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** @returns whether the camera is being moved */
  get moves(): boolean {
    return this.wanted !== undefined;
  }

  steer(motion: Motion): void {
    const rounded = roundedMotion(motion);
    if (Object.values(rounded).every((speed) => speed === 0)) {
      this.stop();
      return;
    }
    this.wanted = rounded;
    this.plan();
  }

  stop(): void {
    if (this.wanted === undefined) {
      return;
    }
    this.wanted = undefined;
    this.sent = undefined;
    clearTimeout(this.timer);
    this.head.stop().catch(this.onError);
  }

  private plan(): void {
    if (this.underWay || this.wanted === undefined) {
      return;
    }
    clearTimeout(this.timer);
    const pauseMs = this.sent === undefined ? 0 : same(this.sent, this.wanted) ? RENEW_MS : PACE_MS;
    const dueMs = this.sentAtMs + pauseMs - Date.now();
    if (dueMs <= 0) {
      void this.send(this.wanted);
    } else {
      this.timer = setTimeout(() => this.plan(), dueMs);
    }
  }

  private async send(motion: Motion): Promise<void> {
    this.underWay = true;
    this.sent = motion;
    this.sentAtMs = Date.now();
    try {
      await this.head.move(motion, HOLD_MS);
      if (this.wanted === undefined) {
        await this.head.stop();
      }
    } catch (error) {
      const told = this.wanted !== undefined;
      this.wanted = undefined;
      this.sent = undefined;
      if (told) {
        this.onError(error);
      }
    } finally {
      this.underWay = false;
      this.plan();
    }
  }
}

/** Two digits are finer than any camera's motors, and a hand that shakes sends nothing new. */
function roundedMotion(motion: Motion): Motion {
  return Object.fromEntries(
    Object.entries(motion).map(([axis, speed]) => [
      axis,
      Math.round(Math.min(1, Math.max(-1, speed)) * 100) / 100 || 0,
    ]),
  );
}

function same(a: Motion, b: Motion): boolean {
  return a.pan === b.pan && a.tilt === b.tilt && a.zoom === b.zoom && a.focus === b.focus;
}

/** Below this share of the way the hand has only touched the picture. */
const DEAD_ZONE = 0.06;

/** Speed by how far the pointer is from where it went down; the full way is half the picture's shorter side. */
export function dragMotion(dx: number, dy: number, fullPx: number): Motion {
  const axis = (px: number) => {
    const share = Math.min(1, Math.abs(px) / fullPx);
    // By the square: fine near the middle, fast at the rim.
    return share < DEAD_ZONE ? 0 : Math.sign(px) * share * share;
  };
  return { pan: axis(dx), tilt: axis(-dy) };
}
