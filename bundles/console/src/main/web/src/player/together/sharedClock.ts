// SPDX-License-Identifier: Apache-2.0
import type { SyncClock } from './syncClock';

/** What windows tell each other. Who is away just stops saying so. */
type Said =
  | { kind: 'here'; from: string; changed?: Changed }
  | { kind: 'hello'; from: string }
  | { kind: 'bye'; from: string };

/** How somebody has set the clock. */
interface Changed {
  /** By the machine's clock, which all windows have in common. */
  atMs: number;
  /** Of changes in the same millisecond all take the same. */
  by: string;
  positionMs: number;
  speed: number;
}

/** Between the windows of one browser: a BroadcastChannel. */
export interface Channel {
  postMessage(said: Said): void;
  onmessage: ((event: MessageEvent<Said>) => void) | null;
  close(): void;
}

const HERE_MS = 1_000;
/** Windows that are not looked at are slow to say anything. */
const GONE_MS = 5_000;
/** So far apart, in time as it passes for the viewer, nobody sees that one catches up. */
const APART_MS = 300;

/**
 * One clock for the windows of a browser: whoever plays, stops, steps or goes somewhere does it in all of them. The latest
 * change counts, and one who comes later is told of it.
 */
export class SharedClock {
  private latest: Changed | undefined;
  private applying = false;
  private readonly heard = new Map<string, number>();
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly unsubscribe: () => void;
  private listeners = new Set<() => void>();
  private count = 0;

  constructor(
    private readonly clock: SyncClock,
    private readonly channel: Channel,
    private readonly id: string = crypto.randomUUID?.() ?? String(Math.random()),
    private readonly now: () => number = Date.now,
  ) {
    channel.onmessage = ({ data }) => this.hear(data);
    this.unsubscribe = clock.subscribe(() => this.changed());
    this.timer = setInterval(() => this.beat(), HERE_MS);
    channel.postMessage({ kind: 'hello', from: this.id });
  }

  /** How many other windows go by this clock. */
  others(): number {
    return this.count;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.timer);
    this.unsubscribe();
    this.channel.postMessage({ kind: 'bye', from: this.id });
    this.channel.onmessage = null;
    this.channel.close();
  }

  private changed(): void {
    if (!this.applying) {
      const { positionMs, speed } = this.clock.state();
      this.latest = { atMs: this.now(), by: this.id, positionMs, speed };
      this.beat();
    }
  }

  private beat(): void {
    this.channel.postMessage({ kind: 'here', from: this.id, changed: this.latest });
    for (const [id, atMs] of this.heard) {
      if (this.now() - atMs > GONE_MS) {
        this.heard.delete(id);
      }
    }
    this.recount();
  }

  private hear(said: Said): void {
    if (said.kind === 'bye') {
      this.heard.delete(said.from);
    } else {
      this.heard.set(said.from, this.now());
    }
    if (said.kind === 'hello') {
      // Where nobody has touched anything, the newcomer takes what is shown here.
      const { positionMs, speed } = this.clock.state();
      this.latest ??= { atMs: this.now(), by: this.id, positionMs, speed };
      this.beat();
    } else if (said.kind === 'here' && said.changed) {
      this.take(said.changed);
    }
    this.recount();
  }

  private take(changed: Changed): void {
    const { latest } = this;
    const older =
      latest && (changed.atMs < latest.atMs || (changed.atMs === latest.atMs && changed.by < latest.by));
    if (older) {
      return;
    }
    this.latest = changed;
    this.applying = true;
    try {
      this.follow(changed);
    } finally {
      this.applying = false;
    }
  }

  private follow({ atMs, positionMs, speed }: Changed): void {
    const { clock } = this;
    const there = positionMs + speed * (this.now() - atMs);
    if (speed !== clock.wanted()) {
      clock.run(speed);
    }
    const apart = Math.abs(clock.position() - there);
    if (apart > 0 && speed !== 0 && apart <= APART_MS * Math.max(1, Math.abs(speed))) {
      clock.align(there);
    } else if (apart > 0) {
      // Standing still it is the very moment, to the picture.
      clock.seek(there);
    }
  }

  private recount(): void {
    if (this.count !== this.heard.size) {
      this.count = this.heard.size;
      for (const listener of this.listeners) {
        listener();
      }
    }
  }
}
