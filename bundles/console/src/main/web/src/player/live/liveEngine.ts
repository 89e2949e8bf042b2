// SPDX-License-Identifier: Apache-2.0
import { backoffMs } from '../../api/backoff';
import { useConnection } from '../../api/connection';
import { checkSession } from '../../api/session';
import type { StreamRole } from '../../api/types';
import { snapshotOf } from '../mse/video';
import { type CameraPlayer, Listeners, type PlayerState, type PlayerStats } from '../types';
import {
  CLOSE,
  INITIAL_LIVE_STATE,
  type LiveEvent,
  type LiveState,
  nextLiveState,
  retryBoundsMs,
} from './liveMachine';
import type { Blocked, Session, Way } from './session';
import { blockedFor, chooseWay, makeSession, noteBlocked, noteOpen, type SessionMaker } from './ways';

const SILENCE_MS = 3_000;
const WATCH_MS = 500;
/** A replacement that shows nothing for this long is given up. */
const REPLACEMENT_MS = 15_000;

/**
 * Live picture by the soonest way that works: WebRTC, Media Source Extensions over a WebSocket, LL-HLS. Holds the session that is shown and, while one is being
 * replaced (other stream, reconnect), the next one behind it: the old picture goes only when the new one is there.
 */
export class LiveEngine implements CameraPlayer {
  private readonly listeners = new Listeners();
  private host: HTMLElement | undefined;
  private shown: Session | undefined;
  private next: Session | undefined;
  /** The socket that was asked why nothing comes. */
  private asked: Session | undefined;
  /** Ways that do not do for this camera's stream, with why. */
  private blockedWays: readonly Blocked[] = [];
  private machine: LiveState = INITIAL_LIVE_STATE;
  private snapshotState: PlayerState = { phase: 'idle', lastPictureAtMs: 0 };
  private lastPictureAtMs = 0;
  private nextSinceMs = 0;
  private running = false;
  private disposed = false;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly watch: ReturnType<typeof setInterval>;
  private readonly leaveConnection: () => void;

  constructor(
    private readonly cameraId: string,
    private stream: StreamRole,
    private readonly make: SessionMaker = makeSession,
  ) {
    this.watch = setInterval(() => this.look(), WATCH_MS);
    this.leaveConnection = useConnection.subscribe((now, before) => {
      if (now.epoch !== before.epoch && this.running && !this.alive()) {
        this.connect();
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

  /** Changes between main and sub; the present picture stays until the other one's first. */
  switchTo(stream: StreamRole): void {
    if (stream === this.stream) {
      return;
    }
    this.stream = stream;
    // What one stream is refused for, its codec or B-frames, the other one may not have.
    this.blockedWays = [];
    if (this.running) {
      this.connect();
    }
  }

  snapshot(): Promise<Blob> {
    return snapshotOf(this.shown?.video);
  }

  state(): PlayerState {
    return this.snapshotState;
  }

  stats(): PlayerStats {
    const session = this.shown ?? this.next;
    return {
      engine: session?.way ?? 'ws',
      blocked: blockedFor(this.blockedWays),
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
    this.dropNext();
    this.shown?.release();
    this.shown = undefined;
    this.listeners.clear();
  }

  private connect(way: Way = chooseWay(this.blockedWays)): void {
    clearTimeout(this.retryTimer);
    this.dropNext();
    const session: Session = this.make(way, this.cameraId, this.stream, {
      opened: () => this.shown === undefined && this.apply({ type: 'open' }),
      picture: () => this.picture(session),
      waiting: (cause, detail) => this.apply({ type: 'waiting', cause, detail }),
      undecodable: (codecs) => this.undecodable(session, codecs),
      closed: (code, reason) => this.sessionClosed(session, code, reason),
      blocked: (why, detail) => this.wayBlocked(session, why, detail),
    });
    this.next = session;
    this.nextSinceMs = performance.now();
    session.video.style.opacity = '0';
    this.host?.append(session.video);
    if (this.machine.phase === 'idle' || this.machine.phase === 'suspended') {
      this.apply({ type: 'open' });
    }
  }

  private picture(session: Session): void {
    if (session === this.next) {
      noteOpen(session.way);
      session.video.style.opacity = '1';
      this.shown?.release();
      this.shown = session;
      this.next = undefined;
    }
    if (session === this.shown && this.asked !== undefined && this.asked === this.next) {
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
    if (!known && this.running) {
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
    const bounds = retryBoundsMs(code);
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
    if (this.machine.phase === 'live' && Date.now() - this.lastPictureAtMs > SILENCE_MS && !document.hidden) {
      this.apply({ type: 'silence' });
      if (this.shown?.way !== 'ws' && !this.next) {
        // Only the socket says why nothing comes; a picture that comes after all goes on as it was.
        this.connect('ws');
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
  }

  private apply(event: LiveEvent): void {
    this.machine = nextLiveState(this.machine, event);
    this.snapshotState = {
      phase: this.machine.phase,
      cause: this.machine.cause,
      detail: this.machine.detail,
      lastPictureAtMs: this.lastPictureAtMs,
      stream: this.shown?.stream,
    };
    this.listeners.notify();
  }
}
