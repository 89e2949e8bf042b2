// SPDX-License-Identifier: Apache-2.0
import type { Still } from './messages';

interface Kept {
  utcMs: number;
  still: Still;
}

/** Two that are nearer are the same picture; moments are computed from two clocks. */
const SAME_MS = 0.5;
/** What one has come by counts as that many times as far. */
const BEHIND = 3;
/** Room that is none: one more picture may not fit. */
const RESERVE = 0.1;

/** Decoded pictures around the moment that is looked at: whenever there are too many, the one that is furthest goes. */
export class PictureCache {
  private readonly kept: Kept[] = [];
  private sum = 0;
  private centreMs = 0;
  private direction = 0;

  constructor(private readonly bytesMax: () => number) {}

  /** @param direction where the next pictures will be wanted; 0 on both sides */
  look(utcMs: number, direction: number): void {
    this.centreMs = utcMs;
    this.direction = Math.sign(direction);
  }

  /** Takes a picture over. {@return whether it is kept; else it is closed} */
  put(utcMs: number, still: Still): boolean {
    const at = this.indexFrom(utcMs - SAME_MS);
    const there = this.kept[at];
    if (there && there.utcMs <= utcMs + SAME_MS) {
      this.give(there.still);
      this.kept[at] = { utcMs, still };
    } else {
      this.kept.splice(at, 0, { utcMs, still });
    }
    this.sum += still.bytes;
    this.trim();
    return this.at(utcMs) === still;
  }

  at(utcMs: number): Still | undefined {
    const found = this.kept[this.indexFrom(utcMs - SAME_MS)];
    return found && found.utcMs <= utcMs + SAME_MS ? found.still : undefined;
  }

  /** Whether a picture of that moment would be kept. */
  wants(utcMs: number): boolean {
    const [first, last] = [this.kept[0], this.kept.at(-1)];
    if (!first || !last || this.sum < this.bytesMax() * (1 - RESERVE)) {
      return true;
    }
    return this.distance(utcMs) < Math.max(this.distance(first.utcMs), this.distance(last.utcMs));
  }

  bytes(): number {
    return this.sum;
  }

  size(): number {
    return this.kept.length;
  }

  /** For how many pictures of the kind that is kept there is room. */
  room(): number {
    return this.kept.length === 0 ? 0 : (this.bytesMax() * this.kept.length) / this.sum;
  }

  clear(): void {
    for (const { still } of this.kept.splice(0)) {
      this.give(still);
    }
  }

  private trim(): void {
    const most = this.bytesMax();
    while (this.sum > most && this.kept.length > 1) {
      const first = this.kept[0] as Kept;
      const last = this.kept[this.kept.length - 1] as Kept;
      const gone =
        this.distance(first.utcMs) >= this.distance(last.utcMs) ? this.kept.shift() : this.kept.pop();
      this.give((gone as Kept).still);
    }
  }

  private distance(utcMs: number): number {
    const away = utcMs - this.centreMs;
    return Math.abs(away) * (this.direction !== 0 && Math.sign(away) === -this.direction ? BEHIND : 1);
  }

  private give(still: Still): void {
    this.sum -= still.bytes;
    still.image.close();
  }

  /** The first that is not earlier. */
  private indexFrom(utcMs: number): number {
    let low = 0;
    let high = this.kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.kept[middle] as Kept).utcMs < utcMs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
