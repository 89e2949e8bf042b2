// SPDX-License-Identifier: Apache-2.0

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreamName } from '../../api/types';
import type { LiveEngine } from '../../player/live/liveEngine';
import { useLiveWish } from '../../player/live/liveWish';
import { codecName } from '../../player/mse/codecs';
import { tenths } from '../../ui/number';
import classes from './Tile.module.css';
import { blockedText, streamText, WAY_NAME } from './wayText';

const RENEW_MS = 1_000;
/** How the picture comes: engine, codec, size, rate, delay. Small tiles leave out what matters less. */
export function TileBadge({ player, stream }: { player: LiveEngine; stream?: StreamName }) {
  const { t } = useTranslation();
  const wanted = useLiveWish((wish) => wish.way);
  const [stats, setStats] = useState(() => player.stats());
  useEffect(() => {
    const timer = setInterval(() => setStats(player.stats()), RENEW_MS);
    return () => clearInterval(timer);
  }, [player]);
  // The clocks of server and browser are known to some milliseconds only: a picture from the future is a new one.
  const latencyMs = stats.latencyMs === undefined ? undefined : Math.max(0, Math.round(stats.latencyMs));
  const rate =
    stats.kilobitsPerSecond >= 1000
      ? `${tenths(stats.kilobitsPerSecond / 1000)} Mbit/s`
      : `${Math.round(stats.kilobitsPerSecond)} kbit/s`;
  const lost = stats.droppedFrames + stats.skippedUnits;
  return (
    // Figures with their units stand from left to right in every language.
    <span
      className={classes.badge}
      dir="ltr"
      title={[
        `${streamText(t, stream ?? 'main')} ${codecName(stats.codec)} ${stats.width}×${stats.height}, ${rate}`,
        latencyMs === undefined ? '' : t('live.latency', { ms: latencyMs }),
        t('live.badgeTitle', { dropped: stats.droppedFrames, skipped: stats.skippedUnits }),
        wanted === 'auto' ? '' : t('live.wayWanted', { way: WAY_NAME[wanted] }),
        ...(stats.blocked ?? []).map((one) => blockedText(t, one)),
      ]
        .filter(Boolean)
        .join('\n')}
      data-testid="tile-badge"
      data-latency={latencyMs}
      data-way={stats.engine}
    >
      <span className={classes.figures}>
        <span
          className={classes.minor}
        >{`${WAY_NAME[stats.engine]} ${streamText(t, stream ?? 'main')}`}</span>
        {stats.codec && <span className={classes.minor}>{codecName(stats.codec)}</span>}
        <span>{`${stats.width}×${stats.height}`}</span>
        <span>{`${Math.round(stats.framesPerSecond)} fps`}</span>
        <span className={classes.minor}>{rate}</span>
        {latencyMs !== undefined && <span>{`${latencyMs} ms`}</span>}
        {lost > 0 && <span className={classes.minor}>{t('live.lost', { count: lost })}</span>}
      </span>
    </span>
  );
}
