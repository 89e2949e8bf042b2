// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { liveView } from './useLiveView';

const view = (from: number) => ({ from, to: from + 10 });

describe('what is drawn', () => {
  it('is ahead of the page, and not taken back by what the page still has', () => {
    const [first, second, third] = [view(0), view(1), view(2)];
    const live = liveView(first);
    live.move(second);
    live.told(first);
    expect(live.now()).toBe(second);
    live.move(third);
    live.told(second);
    expect(live.now()).toBe(third);
    live.told(third);
    expect(live.now()).toBe(third);
  });

  it('is where the page goes by itself', () => {
    const live = liveView(view(0));
    const [moved, followed] = [view(1), view(50)];
    live.move(moved);
    live.told(moved);
    live.told(followed);
    expect(live.now()).toBe(followed);
  });
});
