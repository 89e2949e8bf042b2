// SPDX-License-Identifier: Apache-2.0
import { type Backwards, ReverseRun } from './reverseRun';
import { type Forwards, SkimRun } from './skimRun';

/** What is played by showing one picture after the other: all backwards, and forwards what goes from key frame to key frame. */
export class Runs {
  private readonly reverse: ReverseRun;
  private readonly skim: SkimRun;

  constructor(backwards: Backwards, forwards: Forwards) {
    this.reverse = new ReverseRun(backwards);
    this.skim = new SkimRun(forwards);
  }

  /** @param rate below 0 backwards */
  begin(fromMs: number, rate: number): void {
    this.end();
    if (rate < 0) {
      this.reverse.begin(fromMs, -rate);
    } else {
      this.skim.begin(fromMs, rate);
    }
  }

  end(): void {
    this.reverse.end();
    this.skim.end();
  }

  isRunning(): boolean {
    return this.reverse.isRunning() || this.skim.isRunning();
  }

  isSkimming(): boolean {
    return this.skim.isRunning();
  }
}
