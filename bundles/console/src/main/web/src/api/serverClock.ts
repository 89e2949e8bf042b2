// SPDX-License-Identifier: Apache-2.0

/**
 * The server's clock as seen from here. Every answer carries the server's time; the one with the shortest round trip
 * is believed, and a sample is forgotten after a while so that a corrected clock is followed.
 */
export class ServerClock {
  private static readonly SAMPLE_LIFE_MS = 60_000;
  private offset = 0;
  private bestRoundTripMs = Number.POSITIVE_INFINITY;
  private sampledAtMs = 0;

  sample(serverMs: number, sentMs: number, receivedMs: number): void {
    const roundTripMs = receivedMs - sentMs;
    const stale = receivedMs - this.sampledAtMs > ServerClock.SAMPLE_LIFE_MS;
    if (!Number.isFinite(serverMs) || serverMs <= 0 || roundTripMs < 0) {
      return;
    }
    if (stale || roundTripMs <= this.bestRoundTripMs) {
      this.offset = serverMs - (sentMs + receivedMs) / 2;
      this.bestRoundTripMs = roundTripMs;
      this.sampledAtMs = receivedMs;
    }
  }

  /** Server time now, UTC milliseconds. */
  now(): number {
    return Date.now() + this.offset;
  }

  offsetMs(): number {
    return this.offset;
  }
}

export const serverClock = new ServerClock();
