// SPDX-License-Identifier: Apache-2.0
import type { EventItem } from '../../api/types';

const SHARED = 'nxvms.alerts';
/** More than one look brings. */
const HEARD_MAX = 500;
/** Until then the others have been told. */
const TOLD_MS = 250;
/** Without locks (plain HTTP to another host) those that are ready at one moment come one after the other by it. */
const APART_MS_MAX = 600;

/** Between the tabs of a browser. */
export type Channel = Pick<BroadcastChannel, 'onmessage' | 'postMessage' | 'close'>;

/**
 * Whose turn it is to let events be heard. Each tab of a browser looks for itself; one that leads the others would make
 * them silent when it stands still. So each tells the others what it has let be heard, and they leave that out.
 */
export class Turn {
  private heard: string[] = [];
  private ended = false;

  constructor(
    private readonly channel: Channel,
    private readonly locks: Pick<LockManager, 'request'> | undefined,
  ) {
    channel.onmessage = ({ data }: MessageEvent<string[]>) => this.keep(data);
  }

  static open(): Turn {
    return new Turn(new BroadcastChannel(SHARED), navigator.locks);
  }

  /** @param hear is given what no other tab has let be heard, if there is any */
  async take(events: readonly EventItem[], hear: (left: EventItem[]) => void): Promise<void> {
    const turn = async () => {
      const left = events.filter(({ id }) => !this.heard.includes(id));
      if (left.length === 0 || this.ended) {
        return;
      }
      hear(left);
      const ids = left.map(({ id }) => id);
      this.keep(ids);
      this.channel.postMessage(ids);
      if (this.locks) {
        await waited(TOLD_MS);
      }
    };
    if (this.locks) {
      await this.locks.request(SHARED, turn);
    } else {
      await waited(Math.random() * APART_MS_MAX);
      await turn();
    }
  }

  private keep(ids: string[]): void {
    this.heard = [...ids, ...this.heard].slice(0, HEARD_MAX);
  }

  end(): void {
    this.ended = true;
    this.channel.close();
  }
}

const waited = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
