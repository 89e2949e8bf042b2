// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useCameras } from '../../api/queries';
import { useTimeline } from '../../api/timeline';
import { useWall } from '../live/useWall';
import { type Lane, unionOf } from './timelineData';
import type { View } from './timeScale';

/** Of all of them in one; a screen has hardly more columns. */
const BUCKETS = 1500;

/** Footage of other cameras: where at least one has some, and which ones they are. */
export interface Others {
  spans: Lane['spans'];
  cameras: readonly { name: string; spans: Lane['spans'] }[];
}

/** The names of those that have footage of a moment. */
export const namesAt = (others: Others | undefined, utcMs: number): string[] =>
  (others?.cameras ?? [])
    .filter(({ spans }) => spans.some(([start, end]) => utcMs >= start && utcMs < end))
    .map(({ name }) => name);

/** Where the wall's other cameras have footage; nothing where it has no others. */
export function useOthers(cameraId: string, range: View, refetchMs?: number): Others | undefined {
  const cells = useWall((wall) => wall.cells);
  const size = useWall((wall) => wall.size);
  const cameras = useCameras().data;
  const shown = cells
    .slice(0, size)
    .flatMap((id) => cameras?.find((camera) => camera.id === id && id !== cameraId) ?? []);
  const ids = shown.map(({ id }) => id).join(',');
  const answer = useTimeline(ids, range.from, range.to, BUCKETS, refetchMs).data;
  // Cameras are asked for anew each few seconds; where there is footage has not changed by that.
  const spans = useMemo(() => unionOf(answer?.cameras ?? []), [answer]);
  return useMemo(
    () =>
      ids !== '' && answer
        ? {
            spans,
            cameras: answer.cameras.map(({ cameraId: of, spans: own }) => ({
              name: cameras?.find(({ id }) => id === of)?.name ?? '',
              spans: own,
            })),
          }
        : undefined,
    [ids, answer, cameras, spans],
  );
}
