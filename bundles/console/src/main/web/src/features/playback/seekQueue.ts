// SPDX-License-Identifier: Apache-2.0

/** One seek at a time; of those asked for meanwhile only the newest is done. */
export class SeekQueue {
  private running = false;
  private wanted: number | undefined;

  constructor(
    private readonly seek: (utcMs: number) => Promise<unknown>,
    private readonly onSettled: () => void = () => undefined,
  ) {}

  request(utcMs: number): void {
    this.wanted = utcMs;
    if (!this.running) {
      void this.drain();
    }
  }

  /** The moment asked for and not yet shown. */
  pending(): number | undefined {
    return this.wanted;
  }

  private async drain(): Promise<void> {
    this.running = true;
    while (this.wanted !== undefined) {
      const target = this.wanted;
      try {
        await this.seek(target);
      } catch {
        // The player says in its state what went wrong.
      }
      if (this.wanted === target) {
        this.wanted = undefined;
      }
    }
    this.running = false;
    this.onSettled();
  }
}
