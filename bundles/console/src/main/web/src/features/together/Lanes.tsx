// SPDX-License-Identifier: Apache-2.0
import type { PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { serverClock } from '../../api/serverClock';
import type { Camera } from '../../api/types';
import type { Palette } from '../playback/drawTimeline';
import { LaneCanvas } from '../playback/LaneCanvas';
import { type Lane, momentAt } from '../playback/timelineData';
import { timeAt, type View } from '../playback/timeScale';
import { drawLanes, ROW_PX } from './drawLanes';

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

/** A lane a camera below the timeline, on the same scale. What it shows by colour is said in its description too. */
export function Lanes({ cameras, laneOf, view, positionOf, selected, onGo }: Props) {
  const { t } = useTranslation();
  function draw(canvas: CanvasRenderingContext2D, width: number, palette: Palette) {
    const rows = cameras.map(({ id, name }) => ({
      name,
      lane: laneOf(id),
      selected: id === selected,
      positionMs: positionOf(id),
    }));
    drawLanes(canvas, width, { view, rows, nowMs: serverClock.now(), palette });
  }

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
    <LaneCanvas
      height={cameras.length * ROW_PX}
      draw={draw}
      aria-label={t('together.lanes', { lanes: described })}
      onPointerUp={onClick}
      data-testid="together-lanes"
      data-lanes={cameras.length}
    />
  );
}
