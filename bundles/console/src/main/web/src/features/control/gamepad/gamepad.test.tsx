// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../../test/render';
import type { Motion } from '../../../api/control';
import { MoveLoop } from '../moveLoop';
import type { Mover } from '../useMove';
import { GamepadSection } from './GamepadSection';
import { useMappings } from './usePads';

const ID = 'Stick 9 (Vendor: 0001)';
const said: string[] = [];
const presets: number[] = [];
let plugged: { id: string; index: number; connected: boolean; axes: number[]; buttons: unknown[] } | null;

let loop: MoveLoop;
const mover: Mover = {
  known: true,
  steers: true,
  aims: 'nothing',
  aim: () => undefined,
  can: () => true,
  press: (motion) => loop.steer(motion),
  steer: (motion) => loop.steer(motion),
  release: () => loop.stop(),
  halt: () => void said.push('halt'),
};

/** Sticks and pressed buttons as they are from now on. */
function hold(axes: number[], ...pressed: number[]) {
  plugged = {
    id: ID,
    index: 0,
    connected: true,
    axes: [0, 1, 2, 3].map((n) => axes[n] ?? 0),
    buttons: Array.from({ length: 17 }, (_, n) => ({
      pressed: pressed.includes(n),
      value: pressed.includes(n) ? 1 : 0,
    })),
  };
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  vi.useFakeTimers();
  said.length = 0;
  presets.length = 0;
  loop = new MoveLoop(
    {
      move: async (motion: Motion) => void said.push(JSON.stringify(motion)),
      stop: async () => void said.push('stop'),
    },
    () => undefined,
  );
  useMappings.setState({ mappings: {} });
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  Object.defineProperty(navigator, 'getGamepads', { configurable: true, value: () => [null, plugged] });
  hold([]);
});

afterEach(() => vi.useRealTimers());

function show() {
  return renderPage(<GamepadSection mover={mover} goPreset={(number) => presets.push(number)} />);
}

describe('a gamepad', () => {
  it('moves the camera as far as it is pushed, at most ten times a second, and stops with it', async () => {
    show();
    await pass(100);
    for (let n = 0; n < 40; n++) {
      hold([0.5 + n / 100]);
      await pass(25);
    }
    const moves = said.length;
    expect(moves).toBeGreaterThan(3);
    expect(moves).toBeLessThanOrEqual(11);
    hold([0.05]);
    await pass(100);
    expect(said.slice(moves)).toEqual(['stop']);
    await pass(5_000);
    expect(said).toHaveLength(moves + 1);
  });

  it('lets go when it is unplugged', async () => {
    show();
    await pass(100);
    hold([1]);
    await pass(100);
    expect(said).toContain('{"pan":1}');
    plugged = null;
    await pass(100);
    expect(said.at(-1)).toBe('stop');
    act(() => void window.dispatchEvent(new Event('gamepaddisconnected')));
    expect(screen.getByTestId('gamepad').dataset.pad).toBeUndefined();
  });

  it('moves nothing without the focus, nor when it is given back while the stick is still pushed', async () => {
    show();
    await pass(100);
    hold([1]);
    await pass(100);
    vi.mocked(document.hasFocus).mockReturnValue(false);
    await pass(100);
    expect(said.at(-1)).toBe('stop');
    const before = said.length;
    vi.mocked(document.hasFocus).mockReturnValue(true);
    await pass(3_000);
    expect(said).toHaveLength(before);
    hold([]);
    await pass(100);
    hold([-1]);
    await pass(100);
    expect(said.at(-1)).toBe('{"pan":-1}');
  });

  it('that is pushed when the page opens has to be let go first', async () => {
    hold([1]);
    show();
    await pass(2_000);
    expect(said).toEqual([]);
  });

  it('calls a preset once each time its button is pressed, and stops', async () => {
    show();
    await pass(100);
    hold([], 2);
    await pass(1_000);
    expect(presets).toEqual([2]);
    hold([]);
    await pass(100);
    hold([], 2);
    await pass(100);
    hold([], 1);
    await pass(100);
    expect(presets).toEqual([2, 2]);
    expect(said).toContain('halt');
  });

  it('is assigned by pushing it, which this browser keeps, and moves nothing meanwhile', async () => {
    show();
    await pass(100);
    fireEvent.click(screen.getByTestId('gamepad-assign'));
    fireEvent.click(screen.getByTestId('gamepad-assign-pan'));
    hold([0, 0, -1]);
    await pass(100);
    hold([]);
    await pass(100);
    fireEvent.click(screen.getByTestId('gamepad-assign-preset9'));
    hold([], 12);
    await pass(100);
    hold([]);
    expect(useMappings.getState().mappings[ID]).toMatchObject({
      sticks: { pan: { axis: 2, inverted: true } },
      buttons: { preset9: 12 },
    });
    expect(localStorage.getItem('nxvms.gamepads')).toContain(ID);
    expect(screen.getByTestId('gamepad-pan').textContent).toContain('stick axis 3, reversed');
    expect(said).toEqual([]);
    fireEvent.click(screen.getByTestId('gamepad-done'));
    await pass(500);
    hold([0, 0, -1]);
    await pass(100);
    expect(said).toEqual(['{"pan":1}']);

    fireEvent.click(screen.getByTestId('gamepad-assign'));
    await pass(100);
    fireEvent.click(screen.getByTestId('gamepad-reset'));
    expect(useMappings.getState().mappings).toEqual({});
  });

  it('of which there is none is asked for', () => {
    plugged = null;
    show();
    expect(screen.getByTestId('gamepad').textContent).toContain('plug one in');
    expect(screen.queryByTestId('gamepad-assign')).toBeNull();
  });
});
