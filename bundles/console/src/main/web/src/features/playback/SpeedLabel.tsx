// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import { number } from '../../ui/number';
import classes from './CameraPlayback.module.css';

const TOLERANCE = 0.05;
/** Shown one by one there are fewer pictures to measure by. */
const TOLERANCE_BY_PICTURES = 0.15;
/** Slowly, few pictures go by while it is measured: one more or less is no other speed. */
const TOLERANCE_MIN = 0.06;
const DIGITS = { maximumSignificantDigits: 2 };

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
  const byPictures = rate < 0 || player?.stats().engine === 'webcodecs';
  const tolerance = Math.max(
    TOLERANCE_MIN,
    Math.abs(rate) * (byPictures ? TOLERANCE_BY_PICTURES : TOLERANCE),
  );
  const off = playing && reached !== undefined && Math.abs(reached - rate) > tolerance;
  return (
    <span className={classes.speed} data-testid="speed-reached">
      {off
        ? t('playback.reached', {
            speed: number(reached * Math.sign(rate) < 0 ? 0 : reached, DIGITS).replace('-', '−'),
          })
        : ''}
    </span>
  );
}
