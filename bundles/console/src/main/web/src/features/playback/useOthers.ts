// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useCameras } from '../../api/queries';
import { useTimeline } from '../../api/timeline';
import { useWall } from '../live/useWall';
import { type Lane, unionOf } from './timelineData';
import type { View } from './timeScale';

/** Of all of them in one; a screen has hardly more columns. */
const BUCKETS = 1500;

/** Where the wall's other cameras have footage, all in one; nothing where it has no others. */
export function useOthers(cameraId: string, range: View, refetchMs?: number): Lane['spans'] | undefined {
  const cells = useWall((wall) => wall.cells);
  const size = useWall((wall) => wall.size);
  const cameras = useCameras().data ?? [];
  const ids = cells
    .slice(0, size)
    .filter((id): id is string => id !== cameraId && cameras.some((camera) => camera.id === id));
  const answer = useTimeline(ids.join(','), range.from, range.to, BUCKETS, refetchMs).data;
  return useMemo(
    () => (ids.length > 0 && answer ? unionOf(answer.cameras) : undefined),
    [ids.length, answer],
  );
}
