// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useMotionHeights } from '../../api/motion';
import { serverClock } from '../../api/serverClock';
import type { View } from '../playback/timeScale';
import { type Motion, motionOf, motionRange } from './motionLane';

const BUCKETS = 1500;
const GROWING_REFETCH_MS = 15_000;

/** How much moved of a camera on the timeline that is shown; of a short one it is found out. */
export function useMotion(cameraId: string, view: View): Motion | undefined {
  const now = serverClock.now();
  const range = motionRange(view, now);
  const growing = range && range.to > now ? GROWING_REFETCH_MS : undefined;
  const shown = range !== undefined;
  const answer = useMotionHeights(cameraId, range, BUCKETS, growing).data;
  return useMemo(() => (shown ? motionOf(answer, cameraId) : undefined), [shown, answer, cameraId]);
}
