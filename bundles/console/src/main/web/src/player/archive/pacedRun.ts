// SPDX-License-Identifier: Apache-2.0

/** A run through footage that follows the clock, until it is ended or another one is begun. */
export abstract class PacedRun {
  private number = 0;
  private running = false;

  constructor(
    protected readonly now: () => number = () => performance.now(),
    protected readonly pause: (ms: number) => Promise<void> = (ms) =>
      new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  isRunning(): boolean {
    return this.running;
  }

  /** @param speed above 0 */
  begin(fromMs: number, speed: number): void {
    this.running = true;
    const number = ++this.number;
    void this.run(() => number === this.number, fromMs, speed);
  }

  end(): void {
    this.running = false;
    this.number++;
  }

  /** @param wanted whether this run is neither ended nor followed by another one; to be asked behind each wait */
  protected abstract run(wanted: () => boolean, fromMs: number, speed: number): Promise<void>;
}
