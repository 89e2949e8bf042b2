// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import {
  type Aim,
  type Axis,
  aimPtz,
  type Motion,
  movePtz,
  type Ptz,
  stepPtz,
  stopPtz,
} from '../../api/control';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';
import { MoveLoop } from './moveLoop';

/** The part of a relative range that one press moves, where a camera cannot move at a speed. */
const STEP_SHARE = 0.05;

export interface Mover {
  /** Whether the camera has said what it can. */
  known: boolean;
  can: (axis: Axis) => boolean;
  /** Whether it moves at speeds, as a hand does that drags. */
  steers: boolean;
  /** What of the picture it can be told to look at. */
  aims: 'nothing' | 'point' | 'box';
  /** Looks at a part of the picture. */
  aim: (aim: Aim) => void;
  /** Moves at these speeds until {@link Mover.release}; a camera without speeds makes a step instead. */
  press: (motion: Motion) => void;
  /** As {@link Mover.press}, for what is said again and again: never a step. */
  steer: (motion: Motion) => void;
  release: () => void;
  /** Stops the camera whoever moves it. */
  halt: () => void;
}

/** Moves a camera; whatever ends the page, or hides it, stops the camera. */
export function useMove(cameraId: string, ptz: Ptz | undefined): Mover {
  const client = useQueryClient();
  const loop = useMemo(
    () =>
      new MoveLoop(
        {
          move: (motion, durationMs) => movePtz(cameraId, motion, durationMs),
          stop: () => stopPtz(cameraId),
        },
        (error) => toast(problemText(error), 'error'),
      ),
    [cameraId],
  );
  const release = useCallback(() => {
    if (loop.moves) {
      loop.stop();
      void client.invalidateQueries({ queryKey: ['control', cameraId, 'ptz'] });
    }
  }, [loop, client, cameraId]);

  useEffect(() => {
    window.addEventListener('blur', release);
    document.addEventListener('visibilitychange', release);
    return () => {
      window.removeEventListener('blur', release);
      document.removeEventListener('visibilitychange', release);
      release();
    };
  }, [release]);

  const stepping = useRef(false);
  // Where it is changes with each answer, what it can does not: then this stays the same too, and who holds it goes on.
  const spaces = ptz?.spaces;
  const aims = ptz?.aim === 'point' || ptz?.aim === 'box' ? ptz.aim : 'nothing';
  return useMemo(() => {
    const has = (motion: string, axis: string) =>
      spaces?.some((space) => space.motion === motion && space.axis === axis) ?? false;
    const steer = (motion: Motion) => {
      const speeds = Object.entries(motion).filter(([axis]) => has('continuous', axis));
      if (speeds.length > 0) {
        loop.steer(Object.fromEntries(speeds));
      }
      return speeds.length > 0;
    };
    const press = (motion: Motion) => {
      if (steer(motion) || stepping.current) {
        return;
      }
      const steps = (Object.entries(motion) as [Axis, number][]).flatMap(([axis, speed]) => {
        const space = spaces?.find((one) => one.motion === 'relative' && one.axis === axis);
        return space && speed !== 0
          ? [[axis, Math.sign(speed) * (space.max - Math.max(0, space.min)) * STEP_SHARE] as const]
          : [];
      });
      if (steps.length > 0) {
        stepping.current = true;
        stepPtz(cameraId, Object.fromEntries(steps))
          .catch((error) => toast(problemText(error), 'error'))
          .finally(() => {
            stepping.current = false;
          });
      }
    };
    return {
      known: spaces !== undefined,
      steers: has('continuous', 'pan') || has('continuous', 'tilt'),
      aims,
      aim: (aim) => {
        release();
        aimPtz(cameraId, aim)
          .then(() => client.invalidateQueries({ queryKey: ['control', cameraId, 'ptz'] }))
          .catch((error) => toast(problemText(error), 'error'));
      },
      can: (axis) => has('continuous', axis) || has('relative', axis),
      press,
      steer,
      release,
      halt: () => {
        release();
        stopPtz(cameraId).catch((error) => toast(problemText(error), 'error'));
      },
    };
  }, [loop, spaces, aims, client, cameraId, release]);
}
