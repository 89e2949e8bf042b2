// SPDX-License-Identifier: Apache-2.0
import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useWakeLock } from './useWakeLock';

/** Locks as a browser gives them. */
class Lock {
  released = false;
  release = async () => {
    this.released = true;
  };
}

let locks: Lock[];

beforeEach(() => {
  locks = [];
  Object.defineProperty(navigator, 'wakeLock', {
    configurable: true,
    value: {
      request: async () => {
        const lock = new Lock();
        locks.push(lock);
        return lock;
      },
    },
  });
});

afterEach(() => {
  Reflect.deleteProperty(navigator, 'wakeLock');
  vi.restoreAllMocks();
});

const held = () => locks.filter(({ released }) => !released).length;

describe('the screen', () => {
  it('stays lit while that is wanted', async () => {
    const { rerender, unmount } = renderHook(({ wanted }) => useWakeLock(wanted), {
      initialProps: { wanted: false },
    });
    await act(async () => undefined);
    expect(locks).toHaveLength(0);
    await act(async () => rerender({ wanted: true }));
    expect(held()).toBe(1);
    await act(async () => rerender({ wanted: false }));
    expect(held()).toBe(0);
    await act(async () => rerender({ wanted: true }));
    expect(held()).toBe(1);
    await act(async () => unmount());
    expect(held()).toBe(0);
  });

  it('is asked for again when the page is seen again', async () => {
    await act(async () => void renderHook(() => useWakeLock(true)));
    expect(held()).toBe(1);
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    await act(async () => {
      await locks[0]?.release();
      document.dispatchEvent(new Event('visibilitychange'));
    });
    expect(held()).toBe(0);
    hidden.mockReturnValue(false);
    await act(async () => void document.dispatchEvent(new Event('visibilitychange')));
    expect(held()).toBe(1);
  });

  it('is left alone where a page may not ask', async () => {
    Reflect.deleteProperty(navigator, 'wakeLock');
    await act(async () => void renderHook(() => useWakeLock(true)));
    expect(locks).toHaveLength(0);
  });
});
