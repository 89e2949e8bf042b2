// SPDX-License-Identifier: Apache-2.0
import { type PointerEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { serverClock } from '../../api/serverClock';
import type { Camera } from '../../api/types';
import { readPalette } from '../playback/readPalette';
import timeline from '../playback/Timeline.module.css';
import { type Lane, momentAt } from '../playback/timelineData';
import { timeAt, type View } from '../playback/timeScale';
import { drawLanes, ROW_PX } from './drawLanes';
import classes from './Together.module.css';

interface Props {
  cameras: readonly Camera[];
  laneOf: (cameraId: string) => Lane;
  view: View;
  /** Where a camera is. */
  positionOf: (cameraId: string) => number;
  selected: string;
  /** A click: this camera, at this moment. */
  onGo: (cameraId: string, utcMs: number) => void;
}

const PAINT_MS = 50;

/** A lane a camera below the timeline, on the same scale. What it shows by colour is said in its description too. */
export function Lanes({ cameras, laneOf, view, positionOf, selected, onGo }: Props) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef({ cameras, laneOf, view, selected });
  latest.current = { cameras, laneOf, view, selected };
  useEffect(() => {
    const paint = () => {
      const element = canvas.current;
      const context = element?.getContext('2d');
      if (!element || !context) {
        return;
      }
      const { cameras: shown, laneOf: lane, view: scale, selected: one } = latest.current;
      const ratio = window.devicePixelRatio || 1;
      const width = element.clientWidth;
      element.width = Math.round(width * ratio);
      element.height = Math.round(shown.length * ROW_PX * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawLanes(context, width, {
        view: scale,
        rows: shown.map(({ id, name }) => ({
          name,
          lane: lane(id),
          selected: id === one,
          positionMs: positionOf(id),
        })),
        nowMs: serverClock.now(),
        palette: readPalette(element),
      });
    };
    const timer = setInterval(paint, PAINT_MS);
    return () => clearInterval(timer);
  }, [positionOf]);

  function onClick(event: PointerEvent<HTMLCanvasElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const camera = cameras[Math.floor((event.clientY - box.top) / ROW_PX)];
    if (camera && event.button === 0) {
      onGo(camera.id, timeAt(view, box.width, event.clientX - box.left));
    }
  }

  const now = serverClock.now();
  const described = cameras
    .map(({ id, name }) => `${name}: ${t(`together.${momentAt(laneOf(id), positionOf(id), now).kind}`)}`)
    .join(', ');
  return (
    <div className={`${timeline.palette} ${classes.lanes}`} dir="ltr">
      <canvas
        ref={canvas}
        className={classes.lanesCanvas}
        style={{ height: cameras.length * ROW_PX }}
        role="img"
        aria-label={t('together.lanes', { lanes: described })}
        onPointerUp={onClick}
        data-testid="together-lanes"
        data-lanes={cameras.length}
      />
      <div className={classes.lanesRim} />
    </div>
  );
}
