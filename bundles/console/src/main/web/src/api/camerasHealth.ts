// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { getJson } from './client';

/** What is missing of a camera; how it is now is told with the camera itself. */
export interface CameraLosses {
  cameraId: string;
  packetsLost: number;
  /** How often footage that was wanted is missing in the last 24 hours; left out while that cannot be told. */
  gaps?: number;
  missingSeconds?: number;
}

const PER_PAGE = 500;
/** As many as the server has cameras at most. */
const PAGES_MAX = 20;
const POLL_MS = 30_000;

async function allLosses(signal: AbortSignal): Promise<ReadonlyMap<string, CameraLosses>> {
  const all = new Map<string, CameraLosses>();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const after = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const answer = await getJson<{ items: CameraLosses[]; nextCursor?: string }>(
      `/api/v1/health/cameras?limit=${PER_PAGE}${after}`,
      signal,
    );
    for (const one of answer.items) {
      all.set(one.cameraId, one);
    }
    cursor = answer.nextCursor;
    if (!cursor) {
      break;
    }
  }
  return all;
}

/** Losses of all cameras by id, renewed every half minute. */
export function useCameraLosses() {
  return useQuery({
    queryKey: ['cameraLosses'],
    queryFn: ({ signal }) => allLosses(signal),
    refetchInterval: POLL_MS,
  });
}
