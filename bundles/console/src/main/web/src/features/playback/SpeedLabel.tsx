// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import classes from './CameraPlayback.module.css';

const TOLERANCE = 0.05;

/** The speed that is really reached, when it is not the one asked for. */
export function SpeedLabel({
  player,
  playing,
  rate,
}: {
  player?: ArchiveEngine;
  playing: boolean;
  rate: number;
}) {
  const { t } = useTranslation();
  const [reached, setReached] = useState<number>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another speed asked for makes the old measurement void
  useEffect(() => {
    setReached(undefined);
    if (playing && player) {
      const timer = setInterval(() => setReached(player.stats().speed), 1_000);
      return () => clearInterval(timer);
    }
  }, [player, playing, rate]);
  const off = playing && rate > 1 && reached !== undefined && Math.abs(reached - rate) > rate * TOLERANCE;
  return (
    <span className={classes.speed} data-testid="speed-reached">
      {off ? t('playback.reached', { speed: Math.max(0, reached).toFixed(1) }) : ''}
    </span>
  );
}
