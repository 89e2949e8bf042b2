// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery } from '@tanstack/react-query';
import { getJson } from '../../api/client';
import type { Gap, Page, Segment, TimelineAnswer } from '../../api/types';

const DAY_MS = 86_400_000;
/** What the server gives at once. */
const FILES_MAX = 5_000;
const BUCKETS = 4_000;

/** A day with footage, and what lies between it and the later one. */
export interface RecordedDay {
  from: number;
  to: number;
  segments: Segment[];
  gaps: Gap[];
  /** The oldest footage there is. */
  first?: number;
}

/** Footage up to a moment, a day with some after the other, from the latest one on. */
export function useRecordings(cameraId: string, untilMs: number) {
  return useInfiniteQuery({
    queryKey: ['recordings', cameraId, untilMs],
    queryFn: ({ pageParam, signal }) => recordedDay(cameraId, pageParam, signal),
    initialPageParam: untilMs,
    getNextPageParam: ({ from, first }) => (first !== undefined && first < from ? from : undefined),
    staleTime: DAY_MS,
  });
}

async function recordedDay(cameraId: string, to: number, signal: AbortSignal): Promise<RecordedDay> {
  const lane = await laneOf(cameraId, to - DAY_MS, to, signal);
  if (lane.spans.length > 0 || lane.first === undefined || lane.first >= to) {
    const from = to - DAY_MS;
    const segments = lane.spans.length > 0 ? await segmentsOf(cameraId, from, to, signal) : [];
    return { from, to, segments, gaps: lane.gaps, first: lane.first };
  }
  // Nothing for a whole day: the day is that before the last footage.
  const all = await laneOf(cameraId, lane.first, to, signal);
  const last = all.spans.at(-1)?.[1] ?? to;
  const before = await recordedDay(cameraId, last, signal);
  return { ...before, to, gaps: [...before.gaps, ...all.gaps.filter(({ start }) => start >= before.to)] };
}

async function laneOf(cameraId: string, from: number, to: number, signal: AbortSignal) {
  const answer = await getJson<TimelineAnswer>(
    `/api/v1/timeline?cameras=${encodeURIComponent(cameraId)}&from=${Math.floor(from)}&to=${Math.ceil(to)}` +
      `&buckets=${BUCKETS}&stream=auto`,
    signal,
  );
  return answer.cameras[0] ?? { cameraId, spans: [], gaps: [] };
}

async function segmentsOf(
  cameraId: string,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Segment[]> {
  const question =
    `/api/v1/archive/${encodeURIComponent(cameraId)}/segments?from=${Math.floor(from)}&to=${Math.ceil(to)}` +
    `&stream=auto&limit=${FILES_MAX}`;
  const all: Segment[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Segment> = await getJson(
      cursor === undefined ? question : `${question}&cursor=${encodeURIComponent(cursor)}`,
      signal,
    );
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
}
