// SPDX-License-Identifier: Apache-2.0
import { useQueries } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { getJson } from '../../api/client';
import { useCameras } from '../../api/queries';
import { serverClock } from '../../api/serverClock';
import type { StreamRole, TimelineAnswer } from '../../api/types';
import { type Covered, type Parttime, parttimesOf, type Recorders, recordersOf } from './recorders';

const WEEK_MS = 7 * 86_400_000;
/** As fine as the server tells: holes of less than three minutes count as footage, which makes it more rather than less. */
const BUCKETS = 4_000;
const STALE_MS = 600_000;
/** In one question; an answer is to be no more than a megabyte or two. */
const CAMERAS_MAX = 16;
const ROLES: StreamRole[] = ['main', 'sub'];

/** Cameras that record and how much that is; nothing until it is known. */
export function useRecorders(enabled: boolean): Recorders | undefined {
  const cameras = useCameras().data;
  const [now] = useState(() => Math.round(serverClock.now()));
  const parttimes = useMemo(() => (enabled && cameras ? parttimesOf(cameras) : []), [enabled, cameras]);
  const answers = useQueries({
    queries: questionsOf(parttimes).map(({ role, ids }) => ({
      queryKey: ['covered', role, ids, now],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        getJson<TimelineAnswer>(
          `/api/v1/timeline?cameras=${ids}&from=${now - WEEK_MS}&to=${now}&buckets=${BUCKETS}&stream=${role}`,
          signal,
        ).then((answer) => ({ role, parts: partsOf(answer, now - WEEK_MS, now) })),
      staleTime: STALE_MS,
    })),
  });
  const last = useRef<Recorders>(undefined);
  // Who may not see footage gets usual figures.
  const known =
    enabled && cameras && !answers.some(({ isPending }) => isPending)
      ? recordersOf(cameras, coveredIn(answers.flatMap(({ data }) => data ?? [])))
      : undefined;
  useEffect(() => {
    last.current = known ?? last.current;
  });
  // While other cameras are asked for, what was known stays.
  return enabled ? (known ?? last.current) : undefined;
}

const coveredIn =
  (known: readonly { role: StreamRole; parts: Map<string, number> }[]): Covered =>
  (stream) =>
    known
      .filter(({ role }) => role === stream.role)
      .map(({ parts }) => parts.get(stream.cameraId))
      .find((part) => part !== undefined);

function questionsOf(parttimes: readonly Parttime[]): { role: StreamRole; ids: string }[] {
  return ROLES.flatMap((role) => {
    const ids = parttimes
      .filter((one) => one.role === role)
      .map(({ cameraId }) => encodeURIComponent(cameraId));
    return Array.from({ length: Math.ceil(ids.length / CAMERAS_MAX) }, (_, n) => ({
      role,
      ids: ids.slice(n * CAMERAS_MAX, (n + 1) * CAMERAS_MAX).join(','),
    }));
  });
}

/** Of each camera, how much of the time that was asked for, since it has any footage, is footage. */
export function partsOf({ cameras }: TimelineAnswer, from: number, to: number): Map<string, number> {
  return new Map(
    cameras.flatMap(({ cameraId, spans, first }): [string, number][] => {
      const begin = Math.max(from, first ?? to);
      const covered = spans.reduce(
        (all, [start, end]) => all + Math.max(0, Math.min(to, end) - Math.max(from, start)),
        0,
      );
      return to > begin ? [[cameraId, Math.min(1, covered / (to - begin))]] : [];
    }),
  );
}
