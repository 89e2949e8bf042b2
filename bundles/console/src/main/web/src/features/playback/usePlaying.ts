// SPDX-License-Identifier: Apache-2.0
import { useCallback, useState } from 'react';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';

export const RATES = [0.25, 0.5, 1, 2, 4, 8, 16] as const;
export type Direction = -1 | 0 | 1;

export interface Playing {
  /** 0 while it stands still. */
  direction: Direction;
  rate: number;
  /** Forwards or backwards; stands still when it goes there already. */
  toggle: (direction: -1 | 1) => void;
  /** Plays there; twice as fast when it does already, at the usual speed when it comes from the other direction. */
  faster: (direction: -1 | 1) => void;
  changeRate: (rate: number) => void;
  /** It stands still already, for another reason. */
  stopped: () => void;
}

/** In which direction and how fast footage is played. */
export function usePlaying(player: ArchiveEngine | undefined, firstRate = 1): Playing {
  const [direction, setDirection] = useState<Direction>(0);
  const [rate, setRate] = useState(firstRate);

  const go = useCallback(
    (there: Direction, speed: number) => {
      setDirection(there);
      setRate(speed);
      // First it stands still: what turns round while it runs goes on running.
      if (there === 0) {
        player?.pause();
      }
      player?.setRate(speed * (there || 1));
      if (there !== 0) {
        player?.play();
      }
    },
    [player],
  );
  return {
    direction,
    rate,
    toggle: useCallback((there) => go(direction === there ? 0 : there, rate), [go, direction, rate]),
    faster: useCallback((there) => go(there, direction === there ? doubled(rate) : 1), [go, direction, rate]),
    changeRate: useCallback(
      (speed) => {
        setRate(speed);
        player?.setRate(speed * (direction || 1));
      },
      [player, direction],
    ),
    stopped: useCallback(() => setDirection(0), []),
  };
}

/** The next slower or quicker one. */
export const rateBeside = (rate: number, direction: -1 | 1): number =>
  (direction > 0 ? RATES.find((one) => one > rate) : RATES.findLast((one) => one < rate)) ?? rate;

export const doubled = (rate: number): number => rateBeside(rate, 1);
