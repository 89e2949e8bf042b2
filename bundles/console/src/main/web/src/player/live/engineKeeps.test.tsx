// SPDX-License-Identifier: Apache-2.0
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveEngine } from './liveEngine';
import type { Session, SessionEvents } from './session';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What the engine made, as one who does not hold on to it sees it. */
const made: { session: WeakRef<Session>; picture: WeakRef<SessionEvents>; released: boolean }[] = [];

function make(
  way: Session['way'],
  _camera: string,
  stream: Session['stream'],
  events: SessionEvents,
): Session {
  const session: Session & { events: SessionEvents } = {
    way,
    stream,
    events,
    video: document.createElement('video'),
    stats: () => ({ ...NOTHING }),
    close: () => undefined,
    release: () => {
      one.released = true;
      session.video.remove();
    },
  };
  const one = { session: new WeakRef<Session>(session), picture: new WeakRef(events), released: false };
  made.push(one);
  return session;
}

const NOTHING = {
  width: 0,
  height: 0,
  framesPerSecond: 0,
  kilobitsPerSecond: 0,
  droppedFrames: 0,
  skippedUnits: 0,
  bufferedAheadMs: 0,
};

const picture = (n: number) => made[n]?.picture.deref()?.picture();

/** In a turn of its own: what a turn has looked at stays until its end. */
async function isGone(n: number): Promise<boolean> {
  vi.useRealTimers();
  await new Promise((resolve) => setTimeout(resolve));
  collectGarbage();
  return made[n]?.session.deref() === undefined;
}

describe('a live view', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    made.length = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function silent(): Promise<LiveEngine> {
    const engine = new LiveEngine('gate', 'sub', make);
    engine.play();
    picture(0);
    vi.advanceTimersByTime(4_000);
    return engine;
  }

  it('keeps nothing of who was asked why no picture came, when one came after all', async () => {
    const engine = await silent();
    expect(made).toHaveLength(2);
    picture(0);
    expect(made.map(({ released }) => released)).toEqual([false, true]);
    expect(await isGone(1)).toBe(true);
    expect(await isGone(0)).toBe(false);
    engine.dispose();
  });

  it('keeps nothing of who was asked and took over, when another has taken over from that', async () => {
    const engine = await silent();
    picture(1);
    expect(made.map(({ released }) => released)).toEqual([true, false]);
    engine.switchTo('main');
    picture(2);
    expect(made.map(({ released }) => released)).toEqual([true, true, false]);
    expect(await isGone(0)).toBe(true);
    expect(await isGone(1)).toBe(true);
    engine.dispose();
  });
});
