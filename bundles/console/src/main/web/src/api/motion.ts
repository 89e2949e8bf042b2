// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';

const ANALYSING_REFETCH_MS = 1_000;

/** What moved of a camera, bucket by bucket. */
export interface MotionLane {
  cameraId: string;
  /** 0 to 255; -1 where nobody has looked, or there is no footage. */
  heights: number[];
  /** When the camera said that something moves. */
  told: [number, number][];
  /** Whether it may have said more before that. */
  toldLeftOut: boolean;
  complete: boolean;
  analysing: boolean;
}

export interface MotionHeights {
  from: string;
  to: string;
  bucketMs: number;
  cameras: MotionLane[];
}

export interface MotionArea {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface MotionOrder {
  cameraIds: string[];
  from: string;
  to: string;
  areas: MotionArea[];
  /** 1 to 100. */
  sensitivity: number;
}

/** Something moved in the areas of a search. */
export interface FoundMotion {
  from: number;
  to: number;
  /** 0 to 255. */
  height: number;
}

/** What a camera said of its own picture, in the areas of a search. */
export interface ToldMotion {
  from: number;
  /** Absent while it lasts. */
  to?: number;
  /** Of the event. */
  kind: string;
}

export interface MotionSearch {
  id: string;
  revision: number;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  detail?: string;
  from: string;
  to: string;
  footageMs: number;
  searchedMs: number;
  cameras: {
    cameraId: string;
    /** Up to where it was searched. */
    through: number;
    found: FoundMotion[];
    foundLeftOut: boolean;
    unreadable: number;
    /** Whether all that was to be searched lies below the camera's motion mask. */
    masked: boolean;
    /** Which of the areas do, from 0. */
    maskedAreas: number[];
    /** Left out when it begins, and in answers while it runs: what was told stays. */
    told?: ToldMotion[];
    /** Whether the camera may have told more before that; left out with it. */
    toldLeftOut?: boolean;
  }[];
}

/** An answer with what an earlier one told of the cameras, where it tells nothing itself. */
export const withTold = (search: MotionSearch, before: MotionSearch | undefined): MotionSearch => ({
  ...search,
  cameras: search.cameras.map((lane) => {
    const { told, toldLeftOut } = lane.told
      ? lane
      : (before?.cameras.find(({ cameraId }) => cameraId === lane.cameraId) ?? lane);
    return { ...lane, told, toldLeftOut };
  }),
});

/**
 * How much moved of a camera in a range, as far as it is known.
 *
 * @param analyse whether what is not known is to be found out; for two hours at most
 * @param growing how often it is asked for when all is known; undefined: never
 */
export function useMotionHeights(
  cameraId: string,
  range: { from: number; to: number; analyse: boolean } | undefined,
  buckets: number,
  growing?: number,
) {
  const { from = 0, to = 0, analyse = false } = range ?? {};
  return useQuery({
    queryKey: ['motion', cameraId, from, to, buckets, analyse],
    queryFn: ({ signal }) =>
      getJson<MotionHeights>(
        `/api/v1/motion/heights?cameras=${encodeURIComponent(cameraId)}&from=${from}&to=${to}&buckets=${buckets}` +
          `&analyse=${analyse}`,
        signal,
      ),
    enabled: range !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const lane = state.data?.cameras[0];
      return analyse && lane && (lane.analysing || !lane.complete)
        ? ANALYSING_REFETCH_MS
        : (growing ?? false);
    },
  });
}

export const beginMotionSearch = (order: MotionOrder, signal?: AbortSignal) =>
  sendJson<MotionSearch>('POST', '/api/v1/motion/searches', order, {}, signal);

/** Waits until there is more than that revision has; without one it waits for nothing, and tells what cameras told. */
export const motionSearch = (id: string, after?: number, signal?: AbortSignal) =>
  getJson<MotionSearch>(
    `/api/v1/motion/searches/${encodeURIComponent(id)}${after === undefined ? '' : `?after=${after}`}`,
    signal,
  );

export const endMotionSearch = (id: string) =>
  request(`/api/v1/motion/searches/${encodeURIComponent(id)}`, { method: 'DELETE' });
