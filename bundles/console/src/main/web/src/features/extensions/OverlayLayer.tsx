// SPDX-License-Identifier: Apache-2.0
import type { OverlayContext } from 'nxvms-console-host';
import { type RefObject, useEffect, useMemo, useState } from 'react';
import { serverClock } from '../../api/serverClock';
import type { CameraPlayer } from '../../player/types';
import { ExtensionElement } from './ExtensionElement';
import classes from './extensions.module.css';
import { useContributions } from './useExtensions';

interface Props {
  cameraId: string;
  cell: number;
  player: CameraPlayer;
  /** What the player shows its picture in; whole, whatever part of it is enlarged. */
  host: RefObject<HTMLElement | null>;
  /** How the picture is enlarged. */
  transform?: string;
}

const LOOK_MS = 1_000;

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where a picture lies that is shown whole in a frame, in parts of the frame. */
export function pictureIn(
  frame: { width: number; height: number },
  picture: { width: number; height: number },
): Box {
  if (frame.width <= 0 || frame.height <= 0 || picture.width <= 0 || picture.height <= 0) {
    return { left: 0, top: 0, width: 1, height: 1 };
  }
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
  const width = Math.min(1, (picture.width * scale) / frame.width);
  const height = Math.min(1, (picture.height * scale) / frame.height);
  return { left: (1 - width) / 2, top: (1 - height) / 2, width, height };
}

/** What extensions lay over a camera's live picture, just as large as it. */
export function OverlayLayer({ cameraId, cell, player, host, transform }: Props) {
  const overlays = useContributions('live.overlay');
  return overlays.length === 0 ? null : (
    <Layer cameraId={cameraId} cell={cell} player={player} host={host} transform={transform} />
  );
}

function Layer({ cameraId, cell, player, host, transform }: Props) {
  const overlays = useContributions('live.overlay');
  const [box, setBox] = useState<Box>();
  const context = useMemo(
    (): OverlayContext => ({
      cameraId,
      cell,
      capturedAt: () => {
        const { latencyMs } = player.stats();
        return latencyMs === undefined ? undefined : serverClock.now() - latencyMs;
      },
    }),
    [cameraId, cell, player],
  );
  useEffect(() => {
    const look = () => {
      const frame = host.current;
      if (frame) {
        const next = pictureIn({ width: frame.clientWidth, height: frame.clientHeight }, player.stats());
        setBox((before) =>
          before && (Object.keys(next) as (keyof Box)[]).every((side) => before[side] === next[side])
            ? before
            : next,
        );
      }
    };
    look();
    // The picture's size is known with the first picture and changes with the stream.
    const timer = setInterval(look, LOOK_MS);
    const observer = new ResizeObserver(look);
    if (host.current) {
      observer.observe(host.current);
    }
    return () => {
      clearInterval(timer);
      observer.disconnect();
    };
  }, [host, player]);
  const part = (value: number) => `${value * 100}%`;
  return (
    <div className={classes.enlarged} style={{ transform }} data-testid={`tile-overlays-${cell}`}>
      {box &&
        overlays.map((overlay) => (
          <div
            key={overlay.key}
            className={classes.overlay}
            style={{
              left: part(box.left),
              top: part(box.top),
              width: part(box.width),
              height: part(box.height),
            }}
          >
            <ExtensionElement contribution={overlay} context={context} quiet className={classes.whole} />
          </div>
        ))}
    </div>
  );
}
