// SPDX-License-Identifier: Apache-2.0

interface Point {
  x: number;
  y: number;
}

/** What two fingers have done between two looks. */
export interface PinchMove {
  /** How much further apart they are. */
  factor: number;
  /** The place between them. */
  x: number;
  y: number;
  /** How far that was moved. */
  dx: number;
  dy: number;
}

/** Nearer to each other, two fingers say nothing of a size. */
const APART_MIN = 12;

/** Two fingers on one element: how far apart they are, and where. A third is not looked at. */
export class Pinch {
  private readonly points = new Map<number, Point>();

  /** {@return whether there are two now} */
  down(id: number, x: number, y: number): boolean {
    if (this.points.size < 2) {
      this.points.set(id, { x, y });
    }
    return this.active();
  }

  up(id: number): void {
    this.points.delete(id);
  }

  active(): boolean {
    return this.points.size === 2;
  }

  move(id: number, x: number, y: number): PinchMove | undefined {
    const before = this.shape();
    if (!this.points.has(id)) {
      return undefined;
    }
    this.points.set(id, { x, y });
    const now = this.shape();
    if (!before || !now) {
      return undefined;
    }
    return {
      factor: Math.max(APART_MIN, now.apart) / Math.max(APART_MIN, before.apart),
      x: now.x,
      y: now.y,
      dx: now.x - before.x,
      dy: now.y - before.y,
    };
  }

  private shape(): (Point & { apart: number }) | undefined {
    const [a, b] = [...this.points.values()];
    if (!a || !b) {
      return undefined;
    }
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) };
  }
}
