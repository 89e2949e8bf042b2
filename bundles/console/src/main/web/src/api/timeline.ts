// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson } from './client';
import { ApiProblem } from './problem';
import type { StreamRole, TimelineAnswer, TimelineChange } from './types';

type Lane = TimelineAnswer['cameras'][number];

/** What was known with what changed since. */
export function changed(known: TimelineAnswer, change: TimelineChange): TimelineAnswer {
  const { delta, cameras, bookmarks, ...rest } = change;
  if (!delta) {
    return { ...rest, cameras, bookmarks: bookmarks ?? [] };
  }
  const more = new Map(cameras.map((lane) => [lane.cameraId, lane]));
  return {
    ...rest,
    cameras: known.cameras.map((lane) => laneWith(lane, more.get(lane.cameraId))),
    bookmarks: bookmarks ?? known.bookmarks,
  };
}

function laneWith(known: Lane, change: TimelineChange['cameras'][number] | undefined): Lane {
  if (!change) {
    return known;
  }
  const { keptTo, ...lane } = change;
  if (keptTo === undefined) {
    return lane;
  }
  return {
    ...lane,
    spans: [...known.spans.filter(([, end]) => end <= keptTo), ...lane.spans],
    gaps: [...known.gaps.filter(({ end }) => end !== undefined && end <= keptTo), ...lane.gaps].sort(
      (a, b) => a.start - b.start,
    ),
  };
}

/** Asks for everything, or for what changed where an answer is known. */
export async function askTimeline(
  question: string,
  known: TimelineAnswer | undefined,
  signal?: AbortSignal,
): Promise<TimelineAnswer> {
  if (!known?.cursor) {
    return getJson<TimelineAnswer>(question, signal);
  }
  try {
    const change = await getJson<TimelineChange>(
      `${question}&since=${encodeURIComponent(known.cursor)}`,
      signal,
    );
    return changed(known, change);
  } catch (error) {
    // Another version of the server meanwhile, which does not know the cursor.
    if (error instanceof ApiProblem && error.status === 400) {
      return getJson<TimelineAnswer>(question, signal);
    }
    throw error;
  }
}

/** @param cameras one id, or several with commas between; none: nothing is asked */
export function useTimeline(cameras: string, from: number, to: number, buckets: number, refetchMs?: number) {
  const client = useQueryClient();
  const queryKey = ['timeline', cameras, from, to, buckets];
  return useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      askTimeline(
        `/api/v1/timeline?cameras=${encodeURIComponent(cameras)}&from=${from}&to=${to}&buckets=${buckets}&stream=auto`,
        client.getQueryData<TimelineAnswer>(queryKey),
        signal,
      ),
    enabled: cameras !== '',
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs ?? false,
  });
}

/** Of which of some cameras each stream has footage in a time. */
export type FootageByStream = Record<StreamRole, string[]>;

/** @param range none: nothing is asked */
export function useFootageByStream(cameraIds: string[], range: { from: number; to: number } | undefined) {
  const cameras = cameraIds.join(',');
  return useQuery({
    queryKey: ['timeline', 'streams', cameras, range],
    enabled: cameras !== '' && range !== undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<FootageByStream> => {
      const question = `/api/v1/timeline?cameras=${encodeURIComponent(cameras)}&from=${range?.from}&to=${range?.to}&buckets=1`;
      const [main, sub] = await Promise.all([
        getJson<TimelineAnswer>(`${question}&stream=main`, signal),
        getJson<TimelineAnswer>(`${question}&stream=sub`, signal),
      ]);
      return { main: withFootage(main), sub: withFootage(sub) };
    },
  });
}

const withFootage = ({ cameras }: TimelineAnswer): string[] =>
  cameras.filter(({ spans }) => spans.length > 0).map(({ cameraId }) => cameraId);
