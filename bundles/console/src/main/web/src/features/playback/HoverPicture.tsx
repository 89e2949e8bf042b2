// SPDX-License-Identifier: Apache-2.0
import { useEffect, useMemo, useState } from 'react';
import { SeekQueue } from './seekQueue';
import classes from './Timeline.module.css';

const WIDTH_PX = 160;
/** The server takes moments down to whole seconds. */
const GRID_MS = 1000;
/** Further away another moment's picture says nothing. */
const NEAR_MS = 60_000;

interface Props {
  cameraId: string;
  utcMs: number;
  /** Loads an address; for tests. */
  load?: (src: string) => Promise<boolean>;
}

/**
 * What was to be seen at a moment. One picture is asked for at a time; of those wanted meanwhile the newest is next. Until
 * it is there the one before stays, faded: it is of another moment.
 */
export function HoverPicture({ cameraId, utcMs, load = loaded }: Props) {
  const [shown, setShown] = useState<{ src: string; atMs: number }>();
  const queue = useMemo(
    () =>
      new SeekQueue(async (atMs) => {
        const src = thumbnailUrl(cameraId, atMs);
        const there = await load(src);
        setShown((before) => (there ? { src, atMs } : before));
      }),
    [cameraId, load],
  );
  const atMs = Math.floor(utcMs / GRID_MS) * GRID_MS;
  useEffect(() => queue.request(atMs), [queue, atMs]);
  if (!shown || Math.abs(shown.atMs - atMs) > NEAR_MS) {
    return null;
  }
  return (
    <img
      className={classes.picture}
      src={shown.src}
      alt=""
      data-late={shown.atMs !== atMs || undefined}
      data-testid="timeline-picture"
    />
  );
}

export function thumbnailUrl(cameraId: string, atMs: number): string {
  return `/media/v1/archive/${encodeURIComponent(cameraId)}/thumbnail.jpg?at=${atMs}&width=${WIDTH_PX}&stream=auto`;
}

function loaded(src: string): Promise<boolean> {
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(true);
    image.onerror = () => resolve(false);
    image.src = src;
  });
}
