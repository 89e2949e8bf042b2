// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { event } from '../../../mocks/fixtures';
import type { EventItem } from '../../api/types';
import { type Channel, Turn } from './turn';

/** Tabs of one browser: what one says comes to the others later, and a lock is held by one at a time. */
class Tabs {
  private readonly channels: Channel[] = [];
  private last: Promise<unknown> = Promise.resolve();
  /** What was heard, and in which tab. */
  readonly heard: string[] = [];
  delayMs = 20;

  private readonly locks = {
    request: (_name: string, work: () => Promise<void>) => {
      const mine = this.last.then(work);
      this.last = mine.catch(() => undefined);
      return mine;
    },
  } as unknown as LockManager;

  open(name: string, withLocks = true) {
    const channel: Channel = {
      onmessage: null,
      postMessage: (data) => {
        setTimeout(() => {
          for (const other of this.channels.filter((one) => one !== channel)) {
            other.onmessage?.call(other as BroadcastChannel, { data } as MessageEvent);
          }
        }, this.delayMs);
      },
      close: () => void this.channels.splice(this.channels.indexOf(channel), 1),
    };
    this.channels.push(channel);
    const turn = new Turn(channel, withLocks ? this.locks : undefined);
    const hear = (left: EventItem[]) => this.heard.push(`${name}: ${left.map(({ id }) => id)}`);
    return {
      sees: (...events: EventItem[]) => void turn.take(events, hear),
      close: () => turn.end(),
    };
  }
}

const [e1, e2, e3] = ['e1', 'e2', 'e3'].map((id) => event(id, 1)) as [EventItem, EventItem, EventItem];
const later = () => vi.advanceTimersByTimeAsync(5_000);

describe('an event that several tabs see', () => {
  let tabs: Tabs;
  beforeEach(() => {
    vi.useFakeTimers();
    tabs = new Tabs();
  });
  afterEach(() => void vi.useRealTimers());

  it('is heard once, at the same moment or seconds later; what else there is, is heard too', async () => {
    const a = tabs.open('a');
    const b = tabs.open('b');
    a.sees(e1);
    b.sees(e2, e1);
    await later();
    expect(tabs.heard).toEqual(['a: e1', 'b: e2']);
    b.sees(e3);
    await later();
    a.sees(e3, e2);
    await later();
    expect(tabs.heard).toEqual(['a: e1', 'b: e2', 'b: e3']);
  });

  it('is heard in the one that is left', async () => {
    const a = tabs.open('a');
    const b = tabs.open('b');
    a.close();
    a.sees(e1);
    b.sees(e1);
    await later();
    expect(tabs.heard).toEqual(['b: e1']);
  });

  it('is heard once where browsers give no locks', async () => {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.9).mockReturnValueOnce(0.1);
    const a = tabs.open('a', false);
    const b = tabs.open('b', false);
    a.sees(e1);
    b.sees(e1);
    await later();
    expect(tabs.heard).toEqual(['b: e1']);
  });
});
