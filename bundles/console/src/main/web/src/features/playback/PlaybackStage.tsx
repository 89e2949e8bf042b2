// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, type RefObject, useRef } from 'react';
import type { Camera } from '../../api/types';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import { CameraStateIcon } from '../../ui/CameraStateIcon';
import { useZoom, type Zooming } from '../../ui/zoom/useZoom';
import { ZoomMark } from '../../ui/zoom/ZoomMark';
import { isWhole, transformOf } from '../../ui/zoom/zoom';
import classes from './CameraPlayback.module.css';
import { PositionClock } from './PositionClock';

interface Props {
  camera: Camera;
  /** Where the player puts its picture. */
  host: RefObject<HTMLDivElement | null>;
  player?: ArchiveEngine;
  phase: string;
  position: () => number;
  /** For keys. */
  zooming: RefObject<Zooming | undefined>;
  /** What is said about the picture. */
  children: ReactNode;
}

/** The picture with whose it is and when it was taken. */
export function PlaybackStage({ camera, host, player, phase, position, zooming, children }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const mine = useZoom(frame);
  zooming.current = mine;
  const enlarged = !isWhole(mine.zoom);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the whole picture is there again by a key and a button too
    <div
      ref={frame}
      className={classes.stage}
      onDoubleClick={mine.reset}
      data-phase={phase}
      data-enlarged={enlarged || undefined}
      data-testid="playback-stage"
    >
      <div ref={host} className={classes.host} style={{ transform: transformOf(mine.zoom) }} />
      <div className={classes.top}>
        <CameraStateIcon status={camera.status} />
        <strong className={classes.name}>{camera.name}</strong>
        <span className={classes.spring} />
        <PositionClock position={position} player={player} />
      </div>
      {children}
      <ZoomMark zooming={mine} offered />
    </div>
  );
}
