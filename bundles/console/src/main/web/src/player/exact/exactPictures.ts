// SPDX-License-Identifier: Apache-2.0
import { type ArchiveCatalog, type ArchiveSource, keyOf } from '../archive/catalog';
import type { Hole, InGap } from '../archive/locate';
import { type DecoderLine, decoderMissing, decoders } from './decoderLine';
import { GroupJob, type JobHost, type Means } from './groupJob';
import { fragmentOf, type Group, Groups, knowsAll, lastAt } from './groups';
import type { Inexact, PictureTime, Still } from './messages';
import { PictureCache } from './pictureCache';

/** A picture that can be painted now; it stays its owner's, who may close it later. */
export interface Exact extends PictureTime {
  still: Still;
}

interface Looked {
  group: Group;
  utcMs: number;
  direction: number;
  /** From picture to picture: what comes next is decoded beforehand. */
  roaming: boolean;
  /** That was begun. */
  ahead?: boolean;
}

/** A decoder that broke is tried once more: browsers take one back from a page that was not looked at. */
const TRIES_MAX = 2;
/** From picture to picture so many are to be there already, beside the one that is looked at: decoding a group takes as long. */
const AHEAD_MAX = 8;
/** Of the room there is; else each picture would have its group decoded again. */
const AHEAD_SHARE = 0.25;
/** Up to these speeds all pictures are worth their decoding. */
const SKIM_ABOVE = 4;
const SKIM_BACKWARDS_ABOVE = 2;

/**
 * Pictures of a camera's footage decoded one by one, in a worker, by WebCodecs: the one that is asked for first, the rest
 * of its group behind it, and then the group where one is going to. What was decoded is there at once.
 */
export class ExactPictures implements JobHost {
  private readonly groups: Groups;
  private readonly cache: PictureCache;
  private readonly refused = new Map<string, Inexact>();
  private readonly waiting: (() => void)[] = [];
  private line: DecoderLine | undefined;
  private job: GroupJob | undefined;
  private readonly means: Means;
  private looked: Looked | undefined;
  private problem: Inexact | undefined;
  private closed = false;

  constructor(
    source: ArchiveSource,
    catalog: ArchiveCatalog,
    /** Why there is none; else how to have one. */
    private readonly missing: Inexact | undefined,
    openLine: () => DecoderLine,
    onBytes: (count: number) => void = () => undefined,
  ) {
    this.groups = new Groups(catalog);
    this.cache = new PictureCache(() => this.line?.bytesMax() ?? 0);
    this.problem = missing;
    const line = () => {
      this.line ??= openLine();
      return this.line;
    };
    this.means = { source, catalog, line, onBytes };
  }

  /** Whether it is worth asking. */
  usable(): boolean {
    return this.missing === undefined && !this.closed;
  }

  /** Why the last picture asked for could not be decoded here. */
  why(): Inexact | undefined {
    return this.problem;
  }

  /** Of what was looked at last. */
  codecs(): string {
    return this.looked?.group.index.codecs ?? '';
  }

  /** Whether a moment's picture is there. */
  has(utcMs: number): boolean {
    const group = this.groups.covering(utcMs);
    const picture = group?.times[lastAt(group.times, utcMs)];
    return picture !== undefined && this.cache.at(picture.utcMs) !== undefined;
  }

  /**
   * The last picture at or before a moment.
   *
   * @param direction where one is going to from there; 0 when that is not known
   * @param wanted whether it still is
   * @returns nothing when it is wanted no more, or cannot be decoded
   */
  async at(
    utcMs: number,
    inGap: InGap,
    direction: number,
    wanted: () => boolean,
  ): Promise<Exact | Hole | undefined> {
    const group = this.groups.covering(utcMs);
    const place = group ? { group, utcMs } : await this.groups.at(utcMs, inGap);
    if (!('group' in place)) {
      return place;
    }
    const exact = await this.picture(place.group, place.utcMs, direction, direction !== 0, wanted);
    void this.goAhead();
    return exact;
  }

  /**
   * The last key frame at or before a moment, as long as its group: who runs through footage sees no more of it.
   *
   * @param wanted whether it still is
   * @returns nothing when it is wanted no more, or cannot be decoded
   */
  async keyAt(
    utcMs: number,
    inGap: InGap,
    direction: number,
    wanted: () => boolean,
  ): Promise<Exact | Hole | undefined> {
    const place = await this.groups.at(utcMs, inGap);
    if (!('group' in place)) {
      return place;
    }
    const { group } = place;
    this.look(group, group.startMs, direction, false);
    for (let tries = 0; wanted() && !this.closed; ) {
      const still = this.cache.at(group.startMs);
      if (still) {
        this.problem = undefined;
        return { utcMs: group.startMs, durationMs: group.endMs - group.startMs, still };
      }
      if (this.job?.group !== group || this.job.hasPassed(group.startMs)) {
        if (!this.mayTry(group, tries++)) {
          return undefined;
        }
        this.begin(group, group.startMs, true);
      }
      await this.news();
    }
    return undefined;
  }

  /** Whether at a speed key frames are shown and nothing else: of footage like that looked at more cannot be decoded. */
  skims(rate: number): boolean {
    const fast = rate > SKIM_ABOVE || -rate > SKIM_BACKWARDS_ABOVE;
    return fast && this.usable() && !this.canPlay(Math.abs(rate));
  }

  private canPlay(speed: number): boolean {
    const group = this.looked?.group;
    if (!group || !this.line || this.refused.has(group.index.initId)) {
      return true;
    }
    const { segment, index, first, end, startMs, endMs } = group;
    const pictures = index.fragments.slice(first, end).reduce((sum, { frames }) => sum + frames, 0);
    const perSecond = (pictures / Math.max(1, endMs - startMs)) * 1000 * speed;
    return this.line.canDecode(segment.width * segment.height * perSecond);
  }

  /** So many pictures further or back; the last or the first there is where there are no more. */
  async beside(utcMs: number, steps: number, wanted: () => boolean): Promise<Exact | undefined> {
    const place = await this.placeOf(utcMs);
    let group = place && (await this.withTimes(place, wanted));
    if (!group) {
      return undefined;
    }
    let at = lastAt(group.times, utcMs) + steps;
    while (at < 0 || at >= group.times.length) {
      const before: Group = group;
      const other = await (at < 0 ? this.groups.before(before) : this.groups.after(before));
      if (!other) {
        at = at < 0 ? 0 : before.times.length - 1;
        break;
      }
      group = await this.withTimes(other, wanted);
      if (!group) {
        return undefined;
      }
      const grown = group.first === before.first && keyOf(group.segment) === keyOf(before.segment);
      if (at < 0) {
        at += group.times.length;
      } else if (!grown) {
        at -= before.times.length;
      }
    }
    const picture = group.times[at];
    const exact = picture && (await this.picture(group, picture.utcMs, 0, true, wanted));
    void this.goAhead();
    return exact;
  }

  /** Decodes around a moment, so that what comes next is there. */
  async prepare(utcMs: number): Promise<void> {
    const group = await this.placeOf(utcMs);
    if (!group || this.job || this.closed) {
      return;
    }
    this.look(group, utcMs, 0, false);
    const at = lastAt(group.times, utcMs);
    const around = [at - 1, at, at + 1].map((n) => group.times[n]).filter((one) => one !== undefined);
    if (!knowsAll(group) || around.some((one) => this.cache.at(one.utcMs) === undefined)) {
      this.begin(group, utcMs);
    }
  }

  /** Where one is going on from what was looked at last: that is decoded next. */
  private async goAhead(): Promise<void> {
    const { looked } = this;
    if (!looked?.roaming || looked.ahead || this.job || this.closed) {
      return;
    }
    const { group, utcMs, direction } = looked;
    if (knowsAll(group) && this.endsSoon(group, utcMs, direction)) {
      looked.ahead = true;
      this.begin(group, utcMs);
      return;
    }
    const late = utcMs > (group.startMs + group.endMs) / 2;
    const there = direction || (late ? 1 : -1);
    if (there > 0 !== late || !this.cache.wants(there > 0 ? group.endMs : group.startMs - 1)) {
      return;
    }
    const other = await (there > 0 ? this.groups.after(group) : this.groups.before(group)).catch(
      () => undefined,
    );
    const nearest = other && knowsAll(other) ? other.times.at(there > 0 ? 0 : -1) : undefined;
    const decoded = nearest !== undefined && this.cache.at(nearest.utcMs) !== undefined;
    if (other && !decoded && this.looked === looked && !this.job && !this.closed) {
      looked.ahead = true;
      this.begin(other, other.endMs);
    }
  }

  /** Whether of the group's next pictures one is not there, on the side where one is going to. */
  private endsSoon({ times }: Group, utcMs: number, direction: number): boolean {
    const at = lastAt(times, utcMs);
    const near = direction === 0 ? [-1, 1] : [Math.sign(direction)];
    const ahead = Math.min(AHEAD_MAX, Math.floor(this.cache.room() * AHEAD_SHARE));
    return near.some((side) =>
      Array.from({ length: ahead }, (_, n) => times[at + side * (n + 1)]).some(
        (one) => one !== undefined && this.cache.at(one.utcMs) === undefined,
      ),
    );
  }

  close(): void {
    this.closed = true;
    this.stop();
    this.line?.close();
    this.line = undefined;
    this.cache.clear();
    this.wake();
  }

  private async placeOf(utcMs: number): Promise<Group | undefined> {
    const covering = this.groups.covering(utcMs);
    if (covering) {
      return covering;
    }
    const place = await this.groups.at(utcMs, 'backward');
    return 'group' in place ? place.group : undefined;
  }

  private async picture(
    group: Group,
    utcMs: number,
    direction: number,
    roaming: boolean,
    wanted: () => boolean,
  ): Promise<Exact | undefined> {
    this.look(group, utcMs, direction, roaming);
    const reach = Math.min(group.end, fragmentOf(group, utcMs) + 2);
    for (let tries = 0; wanted() && !this.closed; ) {
      const known = group.knownTo >= reach;
      const number = Math.max(0, lastAt(group.times, utcMs));
      const before = known && this.isBeforePart(group, utcMs) ? await this.groups.before(group) : undefined;
      if (before) {
        return this.picture(before, utcMs, direction, roaming, wanted);
      }
      const time = known ? group.times[number] : undefined;
      const still = time && this.cache.at(time.utcMs);
      if (time && still) {
        this.problem = undefined;
        return { ...time, still };
      }
      const running = this.job?.group === group && !this.job.keyOnly;
      if (!running || (time && this.job?.hasPassed(time.utcMs))) {
        if (!this.mayTry(group, tries++)) {
          return undefined;
        }
        this.begin(group, utcMs);
      }
      await this.news();
    }
    return undefined;
  }

  /** Where one stream went over into another the last picture of the first is shown until the next one. */
  private isBeforePart({ first, index, times }: Group, utcMs: number): boolean {
    return first === 0 && index.fromMs !== undefined && lastAt(times, utcMs) < 0;
  }

  /** The group with all of its times. */
  private async withTimes(group: Group, wanted: () => boolean): Promise<Group | undefined> {
    for (let tries = 0; wanted() && !this.closed; ) {
      if (knowsAll(group)) {
        return group;
      }
      if (this.job?.group !== group || this.job.keyOnly) {
        if (!this.mayTry(group, tries++)) {
          return undefined;
        }
        this.begin(group, group.endMs);
      }
      await this.news();
    }
    return undefined;
  }

  private mayTry({ index }: Group, tries: number): boolean {
    if (tries >= TRIES_MAX && this.problem === 'decoder') {
      this.refused.set(index.initId, this.problem);
    }
    this.problem = this.refused.get(index.initId);
    return tries < TRIES_MAX && this.problem === undefined;
  }

  private look(group: Group, utcMs: number, direction: number, roaming: boolean): void {
    this.looked = { group, utcMs, direction, roaming };
    this.cache.look(utcMs, direction);
  }

  private begin(group: Group, utcMs: number, keyOnly = false): void {
    this.stop();
    this.job = new GroupJob(this.means, group, keyOnly, this);
    this.job.begin(utcMs);
  }

  /** Called by a job. */
  timed(): void {
    this.wake();
  }

  /** Called by a job. */
  came({ group }: GroupJob, utcMs: number, still: Still): void {
    const kept = this.cache.put(utcMs, still);
    const later = this.looked !== undefined && utcMs > this.looked.utcMs && knowsAll(group);
    if (later && (!kept || (this.looked?.direction ?? 0) < 0)) {
      // There is no room for what is further away still, or nobody goes there.
      this.stop();
      void this.goAhead();
    }
    this.wake();
  }

  /** Called by a job. */
  ended(job: GroupJob, problem: Inexact | undefined): void {
    const { initId } = job.group.index;
    if (problem === 'codec') {
      this.refused.set(initId, problem);
    }
    if (this.job === job) {
      this.job = undefined;
      this.problem = problem;
      const pace = problem ? undefined : job.pace();
      if (pace !== undefined) {
        this.line?.decoded(pace);
      }
      this.wake();
      void this.goAhead();
    }
  }

  private stop(): void {
    this.job?.stop();
    this.job = undefined;
  }

  private news(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Whoever waits looks whether it is wanted still. */
  wake(): void {
    for (const resume of this.waiting.splice(0)) {
      resume();
    }
  }
}

/** Of this browser. */
export const exactPictures = (
  source: ArchiveSource,
  catalog: ArchiveCatalog,
  onBytes: (count: number) => void,
) => new ExactPictures(source, catalog, decoderMissing(), () => decoders.open(), onBytes);
