// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreamRole } from '../../api/types';
import type { LiveEngine } from '../../player/live/liveEngine';
import { codecName } from '../../player/mse/codecs';
import classes from './Tile.module.css';

const RENEW_MS = 1_000;

/** How the picture comes: engine, codec, size, rate, delay. */
export function TileBadge({ player, stream }: { player: LiveEngine; stream?: StreamRole }) {
  const { t } = useTranslation();
  const [stats, setStats] = useState(() => player.stats());
  useEffect(() => {
    const timer = setInterval(() => setStats(player.stats()), RENEW_MS);
    return () => clearInterval(timer);
  }, [player]);
  const parts = [
    `MSE ${t(`stream.${stream ?? 'main'}`)}`,
    codecName(stats.codec),
    `${stats.width}×${stats.height}`,
    `${Math.round(stats.framesPerSecond)} fps`,
    stats.kilobitsPerSecond >= 1000
      ? `${(stats.kilobitsPerSecond / 1000).toFixed(1)} Mbit/s`
      : `${Math.round(stats.kilobitsPerSecond)} kbit/s`,
  ];
  if (stats.latencyMs !== undefined) {
    parts.push(`${Math.round(stats.latencyMs)} ms`);
  }
  const lost = stats.droppedFrames + stats.skippedUnits;
  return (
    <span
      className={classes.badge}
      title={t('live.badgeTitle', { dropped: stats.droppedFrames, skipped: stats.skippedUnits })}
      data-testid="tile-badge"
      data-latency={stats.latencyMs === undefined ? undefined : Math.round(stats.latencyMs)}
    >
      {parts.join(' · ')}
      {lost > 0 ? ` · −${lost}` : ''}
    </span>
  );
}
