// SPDX-License-Identifier: Apache-2.0

/** What the browser says of a picture that it shows. Times of the wall clock. */
export interface ShownPictureOf {
  rtpTimestamp: number;
  /** When its last packet came. */
  receivedMs: number;
  /** When it was handed to the compositor. */
  presentedMs: number;
  /** Of all pictures that were handed over, which one in a row. */
  count: number;
}

/** A sender's report (RFC 3550 6.4.1): of the newest picture that was sent before it. */
interface Report {
  arrivedMs: number;
  capturedMs: number;
}

const TICKS_PER_MS = 90;
/** The report is sent behind the picture's last packet, and both times are told in whole milliseconds. */
const SLACK_MS = 2;
/** Clocks of cameras go by some ten milliseconds in an hour. */
const CERTAIN_MS = 60_000;
/** No picture becomes that much older from one to another: its sender has begun to count anew. */
const JUMP_MS = 1_000;

/**
 * How old pictures by RTP are when they are shown. A report names a capture time, and the picture that came last before it is
 * the one that is meant: from there on the pictures' own clock tells of each when it was taken.
 */
export class PictureAge {
  private report: Report | undefined;
  private known: { rtpTimestamp: number; capturedMs: number; sinceMs: number } | undefined;
  private age: number | undefined;
  private readonly recent: ShownPictureOf[] = [];

  /** @param keepMs reports are told of no later than this after they came */
  constructor(private readonly keepMs: number) {}

  reported(arrivedMs: number, capturedMs: number): void {
    if (capturedMs !== this.report?.capturedMs) {
      this.report = { arrivedMs, capturedMs };
      for (const [index, picture] of this.recent.entries()) {
        this.match(this.recent[index - 1], picture);
      }
    }
  }

  /** {@return the age when it was shown by the sender's clock; nothing before the first report} */
  shown(picture: ShownPictureOf): number | undefined {
    this.match(this.recent.at(-1), picture);
    this.recent.push(picture);
    while ((this.recent[0]?.receivedMs ?? 0) < picture.receivedMs - this.keepMs) {
      this.recent.shift();
    }
    if (!this.known) {
      return undefined;
    }
    // Signed, over the end of 32 bits.
    const ticks = (picture.rtpTimestamp - this.known.rtpTimestamp) | 0;
    const age = picture.presentedMs - this.known.capturedMs - ticks / TICKS_PER_MS;
    if (this.age !== undefined && Math.abs(age - this.age) > JUMP_MS) {
      this.known.sinceMs = Number.NEGATIVE_INFINITY;
    }
    this.age = age;
    return age;
  }

  /** {@return whether it is known for so short a time that it needs no picture that a report is of}: then not each has to be told. */
  isCertain(nowMs: number): boolean {
    return this.known !== undefined && nowMs - this.known.sinceMs < CERTAIN_MS;
  }

  /** Where one between the two was missed, nobody knows whether the report is of that one. */
  private match(before: ShownPictureOf | undefined, next: ShownPictureOf): void {
    if (!before || !this.report || next.count !== before.count + 1) {
      return;
    }
    const { arrivedMs, capturedMs } = this.report;
    if (before.receivedMs <= arrivedMs + SLACK_MS && next.receivedMs > arrivedMs + SLACK_MS) {
      this.known = { rtpTimestamp: before.rtpTimestamp, capturedMs, sinceMs: before.presentedMs };
      this.age = undefined;
    }
  }
}
