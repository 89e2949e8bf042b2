// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import type { Mover } from '../useMove';
import { type ButtonAction, isStill, motionOf, presetOf, pressedOf } from './mapping';
import { mappingOf, padsNow, useFirstPad } from './usePads';

/** Twice as often as a camera is told anything. */
const LOOK_MS = 50;

interface Steered {
  mover: Mover;
  goPreset: (number: number) => void;
}

/**
 * Moves a camera by a gamepad while the window has the focus. A pad that is unplugged lets go; one that is pushed when the
 * page opens, or when the window gets the focus back, has to be let go first.
 */
export function useGamepad({ mover, goPreset }: Steered, paused: boolean): void {
  const pad = useFirstPad();
  const preset = useRef(goPreset);
  preset.current = goPreset;
  useEffect(() => {
    if (pad === undefined || paused) {
      return;
    }
    let armed = false;
    let moving = false;
    let held: ButtonAction[] = [];
    const letGo = () => {
      if (moving) {
        moving = false;
        mover.release();
      }
    };
    const look = () => {
      const state = padsNow().find(({ id }) => id === pad);
      if (!state || !document.hasFocus() || document.hidden) {
        armed = false;
        letGo();
        return;
      }
      const mapping = mappingOf(pad);
      const motion = motionOf(state, mapping);
      const pressed = pressedOf(state, mapping);
      if (!armed) {
        armed = isStill(motion) && pressed.length === 0;
        return;
      }
      for (const action of pressed.filter((one) => !held.includes(one))) {
        const number = presetOf(action);
        if (number === undefined) {
          mover.halt();
        } else {
          preset.current(number);
        }
      }
      held = pressed;
      if (isStill(motion)) {
        letGo();
      } else if (moving) {
        mover.steer(motion);
      } else {
        moving = true;
        mover.press(motion);
      }
    };
    const timer = setInterval(look, LOOK_MS);
    return () => {
      clearInterval(timer);
      letGo();
    };
  }, [pad, paused, mover]);
}
