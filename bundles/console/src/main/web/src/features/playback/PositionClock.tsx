// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import { codecName } from '../../player/mse/codecs';
import { preciseClock, preciseTime } from '../../ui/time';
import classes from './CameraPlayback.module.css';

interface Props {
  position: () => number;
  player?: ArchiveEngine;
  /** Time of day only. */
  brief?: boolean;
}

/** Capture time of the picture that is shown, written at each animation frame without rendering the page again. */
export function PositionClock({ position, player, brief = false }: Props) {
  const { t } = useTranslation();
  const clock = useRef<HTMLSpanElement>(null);
  const figures = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let request = 0;
    let shown = -1;
    const renew = () => {
      request = requestAnimationFrame(renew);
      const now = position();
      if (clock.current && now !== shown) {
        shown = now;
        clock.current.textContent = brief ? preciseClock(now) : preciseTime(now);
        clock.current.dataset.utc = String(Math.round(now * 1000) / 1000);
      }
    };
    request = requestAnimationFrame(renew);
    const timer = setInterval(() => {
      const stats = player?.stats();
      if (figures.current && stats && !brief) {
        const what = `${codecName(stats.codec)} · ${stats.width}×${stats.height}`;
        const why = stats.inexact ? ` · ${t(`playback.inexact.${stats.inexact}`)}` : '';
        figures.current.textContent = stats.width ? what + why : '';
        figures.current.dataset.engine = stats.engine;
      }
    }, 1_000);
    return () => {
      cancelAnimationFrame(request);
      clearInterval(timer);
    };
  }, [position, player, brief, t]);
  return (
    <>
      <span ref={figures} className={classes.figures} dir="ltr" data-testid="position-figures" />
      <span ref={clock} className={classes.clock} dir="ltr" data-testid="position-clock" />
    </>
  );
}
