// SPDX-License-Identifier: Apache-2.0
import { backoffMs } from '../../api/backoff';
import { useConnection } from '../../api/connection';
import { serverClock } from '../../api/serverClock';
import { checkSession } from '../../api/session';
import type { StreamName } from '../../api/types';
import { type ShownPicture, shownBy, snapshotOf } from '../mse/video';
import {
  type CameraPlayer,
  Listeners,
  type PictureWish,
  type PlayerState,
  type PlayerStats,
  type TakenPicture,
} from '../types';
import {
  CLOSE,
  INITIAL_LIVE_STATE,
  type LiveEvent,
  type LiveState,
  nextLiveState,
  retryBoundsMs,
} from './liveMachine';
import { useLiveWish } from './liveWish';
import { mainPicture } from './mainPicture';
import type { Blocked, Session, SessionEvents, Way } from './session';
import { blockedFor, chooseWay, makeSession, noteBlocked, noteOpen, type SessionMaker } from './ways';

const SILENCE_MS = 3_000;
const WATCH_MS = 500;
/** After a picture that was told of, others follow for so long at least. */
const FLOW_MS = 500;
/** A replacement that shows nothing for this long is given up. */
const REPLACEMENT_MS = 15_000;

/** Of a camera that is known to send nothing: its state is told when that changes. */
const AWAY_RETRY = { minMs: 60_000, maxMs: 120_000 };

const wantedWay = () => useLiveWish.getState().way;

/**
 * Live picture by the soonest way that works, or by the one that is asked for: WebRTC, Media Source Extensions over a
 * WebSocket, LL-HLS. Holds the session that is shown and, while one is being replaced (other stream, reconnect, sound), the next
 * one behind it: the old picture goes only when the new one is there.
 */
export class LiveEngine implements CameraPlayer {
  private readonly listeners = new Listeners();
  private host: HTMLElement | undefined;
  private shown: Session | undefined;
  private next: Session | undefined;
  /** The socket that was asked why nothing comes, while it is the next one. */
  private asked: Session | undefined;
  /** Ways that do not do for this camera's stream, with why. */
  private blockedWays: readonly Blocked[] = [];
  private machine: LiveState = INITIAL_LIVE_STATE;
  private snapshotState: PlayerState = { phase: 'idle', lastPictureAtMs: 0 };
  private lastPictureAtMs = 0;
  private nextSinceMs = 0;
  private running = false;
  private listening = false;
  private seen = true;
  private away = false;
  private disposed = false;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly watch: ReturnType<typeof setInterval>;
  private readonly leaveConnection: () => void;
  private readonly leaveWish: () => void;

  constructor(
    private readonly cameraId: string,
    private stream: StreamName,
    private readonly make: SessionMaker = makeSession,
  ) {
    this.watch = setInterval(() => this.look(), WATCH_MS);
    this.leaveConnection = useConnection.subscribe((now, before) => {
      if (now.epoch !== before.epoch && this.running && !this.alive()) {
        this.connect();
      }
    });
    this.leaveWish = useLiveWish.subscribe((now, before) => {
      if (now.way !== before.way) {
        this.startOver();
      }
    });
  }

  attach(host: HTMLElement): void {
    this.host = host;
    for (const session of [this.shown, this.next]) {
      if (session) {
        host.append(session.video);
      }
    }
  }

  play(): void {
    if (!this.running && !this.disposed) {
      this.running = true;
      this.connect();
    }
  }

  /** Ends the stream and keeps the last picture. */
  pause(): void {
    if (!this.running) {
      return;
    }
    this.running = false;
    clearTimeout(this.retryTimer);
    this.dropNext();
    this.shown?.close();
    this.apply({ type: 'suspend' });
  }

  /** Whether somebody sees it: of what nobody sees browsers tell no pictures, and none is missed. */
  see(on: boolean): void {
    if (on && !this.seen) {
      this.lastPictureAtMs = this.machine.phase === 'live' ? Date.now() : this.lastPictureAtMs;
    }
    this.seen = on;
  }

  /**
   * Whether the camera is known to send nothing. Then the socket waits for it, which tells why and is refused nothing; once
   * it is back the soonest way is taken.
   */
  expectNothing(on: boolean): void {
    if (on === this.away) {
      return;
    }
    this.away = on;
    if (!on && !this.alive()) {
      // What a way was refused for while nothing came is over.
      this.startOver();
    }
  }

  /** Changes the stream; the present picture stays until the other one's first. */
  switchTo(stream: StreamName): void {
    if (stream === this.stream) {
      return;
    }
    this.stream = stream;
    this.startOver();
  }

  /** With its sound or without; the picture stays until the one with it is there. */
  listen(on: boolean): void {
    if (on === this.listening) {
      return;
    }
    this.listening = on;
    if (this.shown) {
      this.shown.video.muted = true;
    }
    this.startOver();
  }

  /** What is to be seen; nothing before the first picture. */
  onScreen(): ShownPicture | undefined {
    return this.shown && shownBy(this.shown.video);
  }

  async snapshot(wish: PictureWish = {}): Promise<TakenPicture> {
    const { host, shown } = this;
    if (host && shown && shown.stream !== 'main' && this.machine.phase === 'live') {
      try {
        return await mainPicture(this.make, this.cameraId, host, wish);
      } catch {
        // The picture that is shown is better than none.
      }
    }
    const latencyMs = Math.max(0, this.shown?.stats().latencyMs ?? 0);
    // Not each picture is told of: while they come, the one on the screen is the newest.
    const comes = this.machine.phase === 'live' && Date.now() - this.lastPictureAtMs < FLOW_MS;
    const takenAtMs = (comes ? Date.now() : this.lastPictureAtMs) + serverClock.offsetMs() - latencyMs;
    return snapshotOf(this.shown && shownBy(this.shown.video), takenAtMs, wish);
  }

  state(): PlayerState {
    return this.snapshotState;
  }

  stats(): PlayerStats {
    const session = this.shown ?? this.next;
    return {
      engine: session?.way ?? 'ws',
      blocked: wantedWay() === 'auto' ? blockedFor(this.blockedWays) : [],
      width: 0,
      height: 0,
      framesPerSecond: 0,
      kilobitsPerSecond: 0,
      droppedFrames: 0,
      skippedUnits: 0,
      bufferedAheadMs: 0,
      ...session?.stats(),
    };
  }

  subscribe(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  dispose(): void {
    this.disposed = true;
    this.running = false;
    clearTimeout(this.retryTimer);
    clearInterval(this.watch);
    this.leaveConnection();
    this.leaveWish();
    this.dropNext();
    this.shown?.release();
    this.shown = undefined;
    this.listeners.clear();
  }

  /** What one stream is refused for, its codec or B-frames, another one may not have. */
  private startOver(): void {
    this.blockedWays = [];
    if (this.running) {
      this.connect();
    }
  }

  private connect(way: Way = this.nextWay()): void {
    clearTimeout(this.retryTimer);
    this.dropNext();
    const events: SessionEvents = {
      opened: () => this.shown === undefined && this.apply({ type: 'open' }),
      picture: () => this.picture(session),
      waiting: (cause, detail) => this.apply({ type: 'waiting', cause, detail }),
      undecodable: (codecs) => this.undecodable(session, codecs),
      closed: (code, reason) => this.sessionClosed(session, code, reason),
      blocked: (why, detail) => this.wayBlocked(session, why, detail),
      silent: () => this.silent(session),
    };
    const session: Session = this.make(way, this.cameraId, this.stream, events, this.listening);
    this.next = session;
    this.nextSinceMs = performance.now();
    session.video.style.opacity = '0';
    this.host?.append(session.video);
    if (this.machine.phase === 'idle' || this.machine.phase === 'suspended') {
      this.apply({ type: 'open' });
    }
  }

  private nextWay(): Way {
    const wanted = wantedWay();
    return this.away && wanted === 'auto' ? 'ws' : chooseWay(this.blockedWays, Date.now(), wanted);
  }

  private picture(session: Session): void {
    if (session === this.next) {
      noteOpen(session.way);
      session.video.style.opacity = '1';
      session.video.muted = !this.listening;
      this.shown?.release();
      this.shown = session;
      this.next = undefined;
      this.asked = undefined;
    }
    if (session === this.shown && this.asked !== undefined) {
      this.dropNext();
    }
    this.lastPictureAtMs = Date.now();
    if (this.machine.phase !== 'live' || this.snapshotState.stream !== session.stream) {
      this.apply({ type: 'picture' });
    } else {
      this.snapshotState = { ...this.snapshotState, lastPictureAtMs: this.lastPictureAtMs };
    }
  }

  private undecodable(session: Session, codecs: string): void {
    if (session === this.next && session.stream === 'main' && this.shown?.stream === 'sub') {
      // The sub stream's picture is better than none.
      this.dropNext();
      return;
    }
    this.apply({ type: 'undecodable', detail: codecs });
  }

  /** Another way may bring the sound. */
  private silent(session: Session): void {
    if (session.way === 'webrtc' && wantedWay() === 'auto') {
      this.wayBlocked(session, 'sound');
    }
  }

  /** The next way is tried at once, until none is left: then the same is asked again after a while, as after a broken connection. */
  private wayBlocked(session: Session, why: Blocked['why'], detail?: string): void {
    if (session !== this.next) {
      return;
    }
    const blocked: Blocked = { way: session.way, why, detail };
    noteBlocked(blocked);
    const known = this.blockedWays.some((one) => one.way === session.way);
    this.blockedWays = [...this.blockedWays.filter((one) => one.way !== session.way), blocked];
    this.dropNext();
    if (wantedWay() !== 'auto') {
      this.blockedWays = [];
      if (this.machine.phase !== 'live') {
        this.apply({ type: 'barred', blocked });
      }
      this.planRetry(1006);
    } else if (!known && this.running) {
      this.connect();
    } else {
      this.blockedWays = [];
      this.planRetry(1006);
    }
  }

  private sessionClosed(session: Session, code: number, reason: string): void {
    if (session !== this.next && session !== this.shown) {
      return;
    }
    if (session === this.next) {
      this.dropNext();
    }
    this.apply({ type: 'closed', code, reason });
    this.planRetry(code);
  }

  private planRetry(code: number): void {
    const bounds = this.away ? AWAY_RETRY : retryBoundsMs(code);
    if (!this.running || !bounds) {
      return;
    }
    const delayMs = backoffMs(this.machine.attempts, bounds.minMs, bounds.maxMs);
    this.apply({ type: 'retry' });
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => void this.retry(code), delayMs);
  }

  private async retry(code: number): Promise<void> {
    // A refused upgrade and a dead server look alike from here (1006): ask before trying again.
    if (code === CLOSE.unauthenticated || code === 1006) {
      try {
        await checkSession();
      } catch {
        if (this.running) {
          this.planRetry(1006);
        }
        return;
      }
    }
    if (this.running && !this.disposed) {
      this.connect();
    }
  }

  private look(): void {
    if (!this.running) {
      return;
    }
    const watched = this.seen && !document.hidden;
    if (this.machine.phase === 'live' && Date.now() - this.lastPictureAtMs > SILENCE_MS && watched) {
      this.apply({ type: 'silence' });
      if (this.shown?.way !== 'ws' && !this.next) {
        // Only the socket says why nothing comes; a picture that comes after all goes on as it was.
        this.connect(wantedWay() === 'auto' ? 'ws' : undefined);
        this.asked = this.next;
      }
    }
    const stuck = this.next !== undefined && performance.now() - this.nextSinceMs > REPLACEMENT_MS;
    if (stuck && this.machine.phase !== 'offline' && this.machine.phase !== 'unsupported') {
      this.dropNext();
      this.planRetry(4000);
    }
  }

  private alive(): boolean {
    return this.machine.phase === 'live' && Date.now() - this.lastPictureAtMs < SILENCE_MS;
  }

  private dropNext(): void {
    this.next?.release();
    this.next = undefined;
    this.asked = undefined;
  }

  private apply(event: LiveEvent): void {
    this.machine = nextLiveState(this.machine, event);
    this.snapshotState = {
      phase: this.machine.phase,
      cause: this.machine.cause,
      detail: this.machine.detail,
      blocked: this.machine.blocked,
      lastPictureAtMs: this.lastPictureAtMs,
      stream: this.shown?.stream,
    };
    this.listeners.notify();
  }
}
