// SPDX-License-Identifier: Apache-2.0

/** What to do about the distance between the shown picture and the newest one. */
export interface EdgeDecision {
  rate: number;
  /** Jump there instead of playing towards it, in seconds of media time. */
  seekTo?: number;
}

interface Range {
  start: number;
  end: number;
}

export const EDGE = {
  /** Between the time at which a picture is needed and that at which it was there lately: for decoding and the screen's own clock. */
  reserveMs: 15,
  /** A browser that holds pictures back gets more, up to this. */
  reserveMsMax: 200,
  reserveStepMs: 10,
  /** How long pictures have to come in time before less is tried; twice as long after each try that was of no use. */
  patienceMs: 15_000,
  patienceMsMax: 600_000,
  /** As far back as arrivals count. */
  rememberedS: 10,
  /** What comes later than this beside the soonest is an outage, which no buffer is to bridge. */
  lateMsMax: 400,
  /** Playing from further behind takes too long: it is jumped. */
  jumpS: 1.5,
  /** As much too near, or too far behind, is left as it is; and how near it is brought once it is not. */
  calmS: 0.008,
  calmBehindS: 0.025,
  settledS: 0.002,
  /** Of the difference, what a second takes away. */
  gainPerS: 1,
  /** A rate is kept as long as the one that would be right is no more than that many times as far from 1, and no less. */
  rateSteps: 2,
  slowest: 0.9,
  fastest: 1.2,
} as const;

/** Nearer to the end of what is buffered there is no picture to be shown. */
const PICTURE_S = 0.02;

/** The place to jump to that is the nearest to a wanted one. */
export function within(range: Range, wanted: number): number {
  return Math.max(range.start, Math.min(wanted, range.end - PICTURE_S));
}

/** The soonest and the latest arrival of one second: how far media time was behind the clock, in milliseconds. */
interface Second {
  at: number;
  soonest: number;
  latest: number;
}

/**
 * Holds the live edge: as near to the newest picture as pictures come evenly. How far media time is behind the clock when a
 * picture comes is its delay, and the delay of those that come late says how far behind one has to play so that none is missed.
 * What comes late in two of ten seconds is waited for; what does so once is borne, as the picture stands still for that moment
 * either way. The way there is played a little faster or slower, or jumped when it is long.
 *
 * Times of media in seconds, of the clock in milliseconds; the clock is any that only goes forward.
 */
export class LiveEdge {
  private seconds: Second[] = [];
  private reserveMs: number = EDGE.reserveMs;
  private patienceMs: number = EDGE.patienceMs;
  private stalledAtMs = Number.NEGATIVE_INFINITY;
  private loweredAtMs = Number.NEGATIVE_INFINITY;

  /** A picture has come that can be played from now on; where several come at once, the first of them. */
  arrived(mediaS: number, nowMs: number): void {
    const delayMs = nowMs - mediaS * 1_000;
    const at = Math.floor(nowMs / 1_000);
    const newest = this.seconds[this.seconds.length - 1];
    if (newest?.at === at) {
      newest.soonest = Math.min(newest.soonest, delayMs);
      newest.latest = Math.max(newest.latest, delayMs);
    } else {
      this.seconds.push({ at, soonest: delayMs, latest: delayMs });
      this.seconds = this.seconds.filter((second) => second.at > at - EDGE.rememberedS);
    }
  }

  /** Another stretch of media begins, whose times have nothing to do with those before. */
  begin(): void {
    this.seconds = [];
  }

  /**
   * The picture stands still for want of the next one. When that one is there the browser holds it back, and needs more time.
   *
   * @param aheadS what is buffered beyond the picture
   */
  stalled(aheadS: number, nowMs: number): void {
    if (aheadS * 1_000 <= EDGE.reserveMs + EDGE.reserveStepMs) {
      return;
    }
    if (nowMs - this.loweredAtMs < EDGE.patienceMs) {
      this.patienceMs = Math.min(EDGE.patienceMsMax, this.patienceMs * 2);
    }
    this.stalledAtMs = nowMs;
    this.reserveMs = Math.min(EDGE.reserveMsMax, this.reserveMs + EDGE.reserveStepMs);
  }

  /** How far media time is to be behind the clock, in milliseconds; nothing before the first picture. */
  delayMs(nowMs: number): number | undefined {
    const [first] = this.seconds;
    if (!first) {
      return undefined;
    }
    this.tryLess(nowMs);
    let soonest = first.soonest;
    let latest = Number.NEGATIVE_INFINITY;
    let second = Number.NEGATIVE_INFINITY;
    for (const { soonest: low, latest: high } of this.seconds) {
      soonest = Math.min(soonest, low);
      second = Math.max(second, Math.min(latest, high));
      latest = Math.max(latest, high);
    }
    const needed = this.seconds.length > 1 ? second : latest;
    return Math.min(needed, soonest + EDGE.lateMsMax) + this.reserveMs;
  }

  private tryLess(nowMs: number): void {
    const sinceMs = nowMs - Math.max(this.stalledAtMs, this.loweredAtMs);
    if (this.reserveMs > EDGE.reserveMs && sinceMs > this.patienceMs) {
      this.reserveMs = Math.max(EDGE.reserveMs, this.reserveMs - EDGE.reserveStepMs);
      this.loweredAtMs = nowMs;
    }
  }

  /**
   * Where to go from a position.
   *
   * @param ranges what is buffered, ascending
   */
  decide(position: number, ranges: readonly Range[], rateNow: number, nowMs: number): EdgeDecision {
    const last = ranges[ranges.length - 1];
    const delayMs = this.delayMs(nowMs);
    if (!last || delayMs === undefined) {
      return { rate: 1 };
    }
    const wanted = Math.min(last.end, (nowMs - delayMs) / 1_000);
    if (position < last.start) {
      // In a hole or in an older range: units were skipped. The newest range begins with a key frame.
      const held = ranges.some((range) => position >= range.start && position < range.end - 0.05);
      return held && wanted < last.start ? { rate: 1 } : { rate: 1, seekTo: within(last, wanted) };
    }
    const behind = wanted - position;
    if (behind > EDGE.jumpS) {
      return { rate: 1, seekTo: within(last, wanted) };
    }
    const calm = behind > 0 ? EDGE.calmBehindS : EDGE.calmS;
    const enough = rateNow === 1 ? calm : EDGE.settledS;
    if (Math.abs(behind) <= enough || (rateNow - 1) * behind < 0) {
      return { rate: 1 };
    }
    const right = Math.min(EDGE.fastest, Math.max(EDGE.slowest, 1 + behind * EDGE.gainPerS));
    // Each change of the rate costs the browser more than a picture does.
    const share = (rateNow - 1) / (right - 1);
    return { rate: share > 1 / EDGE.rateSteps && share < EDGE.rateSteps ? rateNow : right };
  }
}
