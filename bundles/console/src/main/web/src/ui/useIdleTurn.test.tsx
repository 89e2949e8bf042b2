// SPDX-License-Identifier: Apache-2.0
import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** What the browser was asked to do when it has time. */
let idle: (() => void)[] = [];
const hasTime = () => act(() => idle.shift()?.());

async function turns(count: number) {
  const { useIdleTurn } = await import('./useIdleTurn');
  return Array.from({ length: count }, () => renderHook(useIdleTurn));
}
const come = (hooks: { result: { current: boolean } }[]) => hooks.map(({ result }) => result.current);

beforeEach(() => {
  vi.resetModules();
  idle = [];
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('what nobody waits for', () => {
  it('comes one after the other, whenever the browser has time', async () => {
    vi.stubGlobal('requestIdleCallback', (does: () => void) => idle.push(does));
    const hooks = await turns(3);
    expect(come(hooks)).toEqual([false, false, false]);
    expect(idle).toHaveLength(1);
    hasTime();
    expect(come(hooks)).toEqual([true, false, false]);
    hooks[1]?.unmount();
    hasTime();
    expect(come(hooks)).toEqual([true, false, true]);
    expect(idle).toHaveLength(0);
  });

  it('is there at once where the browser does not say when it has time', async () => {
    expect(come(await turns(2))).toEqual([true, true]);
  });
});
