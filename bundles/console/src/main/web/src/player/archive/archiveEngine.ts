// SPDX-License-Identifier: Apache-2.0
import { serverClock } from '../../api/serverClock';
import { type Exact, type ExactPictures, exactPictures } from '../exact/exactPictures';
import { RateMeter } from '../mse/rateMeter';
import { type ShownPicture, snapshotOf } from '../mse/video';
import type { ArchivePlayer, PictureWish, PlayerState, PlayerStats, TakenPicture } from '../types';
import { ArchiveCatalog, type ArchiveSource } from './catalog';
import { Film, type SkipNotice, SLACK_MS } from './film';
import type { Hole, InGap } from './locate';
import type { MappedPicture } from './pictureMap';
import { leadMs } from './reverseRun';
import { Runs } from './runs';
import { Screen } from './screen';
import type { Skimmed } from './skimRun';
import { AudioOutput, Sound } from './sound';
import { SpeedMeter } from './speedMeter';
import { Status } from './status';

const TICK_MS = 100;
const NOTICE_GAP_MS = 1_000;

/**
 * Footage of one camera. Forwards it is played by a video element; standing still and backwards its pictures are decoded one
 * by one, where the browser can, and else by seeks of the video.
 */
export class ArchiveEngine implements ArchivePlayer {
  private readonly status = new Status();
  private readonly screen = new Screen();
  private readonly video = this.screen.video;
  private readonly bytesMeter = new RateMeter();
  private readonly pictureMeter = new RateMeter();
  private readonly speed = new SpeedMeter();
  private readonly film: Film;
  private readonly catalog: ArchiveCatalog;
  private readonly exact: ExactPictures;
  private readonly tick: ReturnType<typeof setInterval>;
  private readonly runs: Runs;
  private readonly output = new AudioOutput();
  private readonly sound: Sound | undefined;
  private hole: Hole | undefined;
  private wantPlay = false;
  private rate = 1;
  private seekNumber = 0;
  private seeking = false;
  private shownMs = 0;
  private shownForMs = 0;
  private presentedS = -1;
  private disposed = false;

  constructor(
    source: ArchiveSource,
    private readonly onSkip: (notice: SkipNotice) => void = () => undefined,
    onBeginning: () => void = () => undefined,
    /** Waits where nothing is recorded instead of going on behind it. */
    private readonly holdsAtGaps = false,
  ) {
    const skipped = (fromMs: number, toMs: number) => {
      this.speed.restart();
      this.onSkip({ fromMs, toMs });
    };
    const beginning = () => {
      this.wantPlay = false;
      if (!this.status.hasFailed()) {
        this.status.set('paused');
      }
      onBeginning();
    };
    this.runs = new Runs(
      // Surely before the picture that is shown.
      { show: (utcMs) => this.show(utcMs - 2 * SLACK_MS, 'backward'), skipped, beginning },
      { show: (utcMs) => this.skimTo(utcMs), skipped },
    );
    this.catalog = new ArchiveCatalog(source, () => serverClock.now());
    const onBytes = (bytes: number) => this.bytesMeter.add(bytes, performance.now());
    this.exact = exactPictures(source, this.catalog, onBytes);
    this.film = new Film(this.video, source, this.catalog, this.bytesMeter, {
      rate: () => this.rate,
      picture: (mediaS) => this.presented(mediaS),
      failed: (detail) => this.status.fail(detail),
      // After a lost connection or a restarting server it goes on where it broke, as long as the user has not moved on.
      broken: (detail, unsupported) => {
        this.status.fail(detail, unsupported);
        return !unsupported && !this.video.error;
      },
      resumed: () =>
        this.status.phase() === 'offline' &&
        this.status.set(this.wantPlay || this.seeking ? 'buffering' : 'paused'),
    });
    const seen = {
      positionS: () => this.video.currentTime,
      utcOf: (mediaS: number) => this.film.pictures.utcOf(mediaS),
      offsetOf: (runId: string) => this.film.offsetOf(runId),
    };
    this.sound = source.sound && new Sound(seen, this.catalog, source.sound, this.output);
    this.tick = setInterval(() => this.look(), TICK_MS);
  }

  attach(host: HTMLElement): void {
    this.screen.attach(host);
    if (this.sound) {
      host.append(this.output.audio);
    }
  }

  /** Whether its sound is to be heard, where it is played forwards at a speed at which that makes sense. */
  listen(on: boolean): void {
    this.sound?.listen(on);
  }

  play(): void {
    this.wantPlay = true;
    this.speed.released();
    this.speed.restart(this.rate);
    if (!this.seeking) {
      this.start();
    }
  }

  pause(): void {
    const ran = this.wantPlay;
    this.wantPlay = false;
    this.runs.end();
    this.video.pause();
    if (!this.seeking) {
      this.status.set('paused');
      if (ran && this.exact.usable() && this.shownMs > 0) {
        // Who stops it often goes on from picture to picture.
        void this.exact.prepare(this.shownMs).catch(() => undefined);
      }
    }
  }

  setRate(rate: number): void {
    const ran = this.rate < 0 || this.runs.isSkimming();
    this.rate = rate;
    this.runs.end();
    this.film.setRate(Math.abs(rate));
    this.speed.restart(rate);
    if ((ran || rate < 0 || this.skims(rate)) && this.wantPlay && !this.seeking) {
      this.start();
    }
    this.status.listeners.notify();
  }

  position(): number {
    return this.shownMs;
  }

  /** Where a file of the footage begins, before or behind a moment; nothing where there is none. */
  beginningBeside(utcMs: number, direction: -1 | 1): Promise<number | undefined> {
    return this.catalog.beginningBeside(utcMs, direction);
  }

  async seek(utcMs: number): Promise<number> {
    this.runs.end();
    this.speed.restart();
    return this.show(utcMs, 'forward');
  }

  async step(steps: number): Promise<number> {
    this.pause();
    const wanted = this.beginSeek();
    if (this.exact.usable() && this.shownMs > 0) {
      const picture = await this.exact.beside(this.shownMs, steps, wanted).catch(() => undefined);
      if (!wanted()) {
        return this.shownMs;
      }
      if (picture) {
        return this.paint(picture, wanted);
      }
    }
    if (this.screen.isPainted()) {
      await this.showFilm(this.shownMs + SLACK_MS, 'backward', 0, wanted);
      if (!wanted()) {
        return this.shownMs;
      }
    }
    const target = this.film.beside(this.presentedS, steps);
    if (target === undefined) {
      this.seeking = false;
      return this.shownMs;
    }
    return typeof target === 'number'
      ? this.showFilm(target, steps < 0 ? 'backward' : 'forward', 0, wanted)
      : this.present(target, wanted);
  }

  /**
   * Shows the picture of the moment itself and stands still; where none is recorded, says from when to when.
   *
   * @param rate how fast it is to be played from there; 0 when it stays there
   */
  async showAt(utcMs: number, rate: number): Promise<Hole | undefined> {
    this.wantPlay = false;
    this.runs.end();
    this.hole = undefined;
    this.speed.goes(this.shownMs, utcMs, rate);
    await this.show(utcMs, 'none', rate);
    return this.hole;
  }

  /** Whether at that speed it shows one picture after the other, as not all of them can be decoded. */
  skims(rate: number): boolean {
    return this.exact.skims(rate);
  }

  /** The moment that is played just now, finer than a picture. */
  playhead(): number {
    return (
      (this.screen.isPainted() ? undefined : this.film.pictures.utcOf(this.video.currentTime)) ?? this.shownMs
    );
  }

  /** Plays a little slower or faster than it was told to, until it is told again. */
  nudge(rate: number): void {
    this.film.setRate(rate);
  }

  /** What is to be seen; without a width before the first picture. */
  onScreen(): ShownPicture {
    return this.screen.shown();
  }

  snapshot(wish?: PictureWish): Promise<TakenPicture> {
    return snapshotOf(this.screen.shown(), this.position(), wish);
  }

  state(): PlayerState {
    return this.status.state();
  }

  stats(): PlayerStats {
    const now = performance.now();
    const { width, height } = this.screen.shown();
    return {
      engine: this.screen.isPainted() ? 'webcodecs' : 'mse-archive',
      inexact: this.exact.why(),
      codec: this.film.codecs() || this.exact.codecs(),
      width,
      height,
      framesPerSecond: this.pictureMeter.perSecond(now),
      kilobitsPerSecond: (this.bytesMeter.perSecond(now) * 8) / 1000,
      skippedUnits: 0,
      sound: this.sound?.isThere(),
      ...this.film.stats(),
      speed: this.speed.value(),
    };
  }

  subscribe(listener: () => void): () => void {
    return this.status.listeners.add(listener);
  }

  dispose(): void {
    this.disposed = true;
    this.runs.end();
    this.seekNumber++;
    clearInterval(this.tick);
    this.exact.close();
    this.film.close();
    this.sound?.close();
    this.screen.release();
    this.status.listeners.clear();
  }

  /** What was sought before is wanted no more. */
  private beginSeek(): () => boolean {
    const number = ++this.seekNumber;
    this.seeking = true;
    this.video.pause();
    this.film.wake();
    this.exact.wake();
    return () => number === this.seekNumber && !this.disposed;
  }

  /** @param rate how fast it is played from there */
  private async show(utcMs: number, inGap: InGap, rate = this.wantPlay ? this.rate : 0): Promise<number> {
    const wanted = this.beginSeek();
    const skims = this.skims(rate);
    // What is to be played forwards at once has to be on the video anyway.
    if ((rate <= 0 || skims) && this.exact.usable()) {
      if (rate === 0 && !this.exact.has(utcMs)) {
        this.status.set('buffering');
      }
      const asked = skims
        ? this.exact.keyAt(utcMs, inGap, rate, wanted)
        : this.exact.at(utcMs, inGap, rate, wanted);
      const found = await asked.catch(() => undefined);
      if (!wanted()) {
        return this.shownMs;
      }
      if (found) {
        return 'still' in found ? this.paint(found, wanted) : this.stand(found);
      }
    }
    return this.showFilm(utcMs, inGap, rate < 0 ? leadMs(-rate) : 0, wanted);
  }

  private async showFilm(utcMs: number, inGap: InGap, lead: number, wanted: () => boolean): Promise<number> {
    try {
      const loaded = this.film.loaded(utcMs);
      if (loaded) {
        return await this.present(loaded, wanted);
      }
      this.status.set(lead > 0 ? 'playing' : 'buffering');
      const found = await this.film.load(utcMs, inGap, lead, wanted);
      if (!found) {
        return this.shownMs;
      }
      return 'mediaS' in found ? await this.present(found, wanted) : this.stand(found);
    } catch (error) {
      if (wanted()) {
        this.seeking = false;
        this.status.fail(error instanceof Error ? error.message : String(error));
      }
      return this.shownMs;
    }
  }

  /** Where nothing is recorded. */
  private stand(hole: Hole): number {
    this.seeking = false;
    this.hole = hole;
    this.status.set('no-footage');
    return this.shownMs;
  }

  private async present(picture: MappedPicture, wanted: () => boolean): Promise<number> {
    this.seeking = true;
    await this.film.show(picture, wanted);
    if (wanted()) {
      this.presentedS = picture.mediaS;
      this.screen.showVideo();
      this.arrived(picture.utcMs);
    }
    return this.shownMs;
  }

  private async paint({ utcMs, durationMs, still }: Exact, wanted: () => boolean): Promise<number> {
    if (!this.screen.isPainted() || utcMs !== this.shownMs) {
      await this.screen.paint(still, utcMs, wanted);
      if (!wanted()) {
        return this.shownMs;
      }
      this.pictureMeter.add(1, performance.now());
      this.status.picture();
    }
    this.shownForMs = durationMs;
    this.arrived(utcMs);
    if (!this.wantPlay) {
      const number = this.seekNumber;
      const stands = () => number === this.seekNumber && !this.disposed && !this.wantPlay;
      this.film.makeReadySoon(utcMs + SLACK_MS, stands);
    }
    return this.shownMs;
  }

  private arrived(utcMs: number): void {
    this.seeking = false;
    this.shownMs = utcMs;
    if (this.speed.isDriven()) {
      this.speed.add(utcMs, performance.now());
    }
    if (!this.wantPlay) {
      this.status.set('paused');
    } else if (!this.runs.isRunning()) {
      this.start();
    }
  }

  private start(): void {
    if (this.rate < 0 || this.skims(this.rate)) {
      this.video.pause();
      this.status.set('playing');
      this.runs.begin(this.shownMs, this.rate);
      return;
    }
    if (this.screen.isPainted()) {
      if (!this.film.isReady(this.shownMs)) {
        void this.show(this.shownMs + SLACK_MS, 'forward', this.rate);
        return;
      }
      this.screen.showVideo();
    }
    this.film.play(this.rate);
    this.status.set('playing');
  }

  private async skimTo(utcMs: number): Promise<Skimmed | undefined> {
    await this.show(utcMs, 'forward');
    if (this.wantPlay && this.runs.isSkimming() && !this.skims(this.rate)) {
      // The decoder has failed, or less is asked of it.
      this.runs.end();
      this.start();
    }
    return { fromMs: this.shownMs, untilMs: this.shownMs + this.shownForMs };
  }

  private presented(mediaS: number): void {
    if (this.seeking || this.disposed || this.screen.isPainted()) {
      return;
    }
    this.pictureMeter.add(1, performance.now());
    this.presentedS = mediaS;
    const picture = this.film.pictures.pictureAtMedia(mediaS);
    if (picture) {
      this.shownMs = picture.utcMs;
    }
    this.status.picture();
  }

  private look(): void {
    const films = this.status.phase() === 'playing' && !this.seeking && !this.screen.isPainted();
    this.sound?.follow(films && !this.disposed && this.rate > 0, this.video.playbackRate);
    if (this.seeking || this.disposed) {
      return;
    }
    if (this.wantPlay) {
      this.speed.add(this.shownMs, performance.now());
    }
    if (this.wantPlay && this.rate > 0 && this.film.isOpen() && !this.screen.isPainted()) {
      const hole = this.film.leaveHole(this.holdsAtGaps);
      if (hole) {
        this.skipped(hole);
      } else if (this.status.phase() === 'playing' && this.film.aheadS() < 0.05) {
        this.status.set('buffering');
      } else if (this.status.phase() === 'buffering' && this.film.aheadS() > 0.3) {
        this.start();
      }
    }
    this.film.trim();
  }

  private skipped(hole: SkipNotice): void {
    if (hole.toMs - hole.fromMs > NOTICE_GAP_MS) {
      this.onSkip(hole);
    }
    this.speed.restart();
  }
}
