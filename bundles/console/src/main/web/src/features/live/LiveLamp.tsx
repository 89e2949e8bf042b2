// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveEngine } from '../../player/live/liveEngine';
import { duration } from '../../ui/time';
import classes from './Tile.module.css';

const RENEW_MS = 500;
/** An older picture is not one of now. */
const LIVE_MS = 2_000;

/** How long ago what is shown was taken, as far as it is known; nothing where no picture is shown as live. */
export function ageOf(player: Pick<LiveEngine, 'state' | 'stats'>, nowMs: number): number | undefined {
  const { phase, lastPictureAtMs } = player.state();
  if (phase !== 'live' || lastPictureAtMs === 0) {
    return undefined;
  }
  return nowMs - lastPictureAtMs + Math.max(0, player.stats().latencyMs ?? 0);
}

/** Lit while the picture is one of now: a dot that is filled, or a ring with how late it is. */
export function LiveLamp({ player }: { player: Pick<LiveEngine, 'state' | 'stats'> }) {
  const { t } = useTranslation();
  const [ageMs, setAgeMs] = useState<number>();
  useEffect(() => {
    const renew = () => setAgeMs(ageOf(player, Date.now()));
    renew();
    const timer = setInterval(renew, RENEW_MS);
    return () => clearInterval(timer);
  }, [player]);
  if (ageMs === undefined) {
    return null;
  }
  const lit = ageMs < LIVE_MS;
  return (
    <span className={classes.lamp} data-lit={lit || undefined} data-testid="live-lamp">
      {lit ? (
        <span className="visually-hidden">{t('phase.live')}</span>
      ) : (
        t('live.behind', { time: duration(ageMs) })
      )}
    </span>
  );
}
