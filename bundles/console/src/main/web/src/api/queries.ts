// SPDX-License-Identifier: Apache-2.0
import { QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { learnServerName } from '../ui/serverName';
import { learnServerZone } from '../ui/zone';
import { getJson, request, sendJson } from './client';
import { reportReachable } from './connection';
import { ApiProblem, NetworkProblem } from './problem';
import type { Camera, CameraDraft, Driver, Health, Page, ProbeReport } from './types';

const CAMERAS_PER_PAGE = 1000;
const CAMERA_PAGES_MAX = 50;
const STATUS_POLL_MS = 3_000;
const MANY_CAMERAS = 300;
const STATUS_POLL_MANY_MS = 10_000;

const TRIES_MAX = 3;

/** A camera that works on what it was asked before answers a moment later; other refusals stay what they are. */
export function isWorthAnotherTry(tries: number, error: unknown): boolean {
  if (error instanceof NetworkProblem) {
    return false;
  }
  return (
    tries < TRIES_MAX && !(error instanceof ApiProblem && error.status < 500 && error.kind !== 'camera-busy')
  );
}

/** When that is: as the server says. */
export const nextTryMs = (tries: number, error: unknown): number =>
  error instanceof ApiProblem && error.retryAfterSeconds
    ? error.retryAfterSeconds * 1000
    : Math.min(8_000, 500 * 2 ** tries);

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 1_000, retry: isWorthAnotherTry, retryDelay: nextTryMs },
    },
  });
}

export async function allCameras(signal?: AbortSignal): Promise<Camera[]> {
  const cameras: Camera[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < CAMERA_PAGES_MAX; page++) {
    const query = `limit=${CAMERAS_PER_PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    const answer = await getJson<Page<Camera>>(`/api/v1/cameras?${query}`, signal);
    cameras.push(...answer.items);
    cursor = answer.nextCursor;
    if (!cursor) {
      break;
    }
  }
  return cameras;
}

/** All cameras with their status, renewed every few seconds. */
export function useCameras() {
  return useQuery({
    queryKey: ['cameras'],
    queryFn: ({ signal }) => allCameras(signal),
    refetchInterval: (query) =>
      (query.state.data?.length ?? 0) > MANY_CAMERAS ? STATUS_POLL_MANY_MS : STATUS_POLL_MS,
  });
}

export function useCamera(cameraId: string | undefined): Camera | undefined {
  return useCameras().data?.find((camera) => camera.id === cameraId);
}

export function useDrivers(refetchMs?: number) {
  return useQuery({
    queryKey: ['drivers'],
    queryFn: ({ signal }) =>
      getJson<{ items: Driver[] }>('/api/v1/drivers', signal).then((page) => page.items),
    staleTime: refetchMs ?? 10_000,
    refetchInterval: refetchMs ?? false,
  });
}

export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    // Not ready is 503 with the same body: an answer, not an error.
    queryFn: async ({ signal }): Promise<Health> => {
      const response = await fetch('/api/v1/health', { signal, cache: 'no-store' });
      if (!response.headers.get('Content-Type')?.includes('json')) {
        throw await ApiProblem.from(response);
      }
      const health = (await response.json()) as Health;
      reportReachable();
      learnServerZone(health.timeZone);
      learnServerName(health.serverName);
      return health;
    },
    refetchInterval: 5_000,
  });
}

/** @param stored a camera whose password is used where the draft has none */
export const probeCamera = (draft: CameraDraft, stored?: string, signal?: AbortSignal) =>
  sendJson<ProbeReport>(
    'POST',
    `/api/v1/cameras/probe${stored ? `?cameraId=${encodeURIComponent(stored)}` : ''}`,
    draft,
    {},
    signal,
  );

/** Upon the version it was read with, and no newer one. */
export const changeCamera = (camera: Camera, draft: CameraDraft) =>
  sendJson<Camera>('PATCH', `/api/v1/cameras/${camera.id}`, draft, { 'If-Match': `"${camera.version}"` });

export function useSaveCamera() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ existing, draft }: { existing?: Camera; draft: CameraDraft }) =>
      existing ? changeCamera(existing, draft) : sendJson<Camera>('POST', '/api/v1/cameras', draft),
    onSettled: () => client.invalidateQueries({ queryKey: ['cameras'] }),
  });
}

/** Recording by hand goes on over restarts until its time is over or it is stopped; what the mode asks for is not touched. */
export function useRecordByHand() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({
      camera,
      action,
      durationSeconds,
    }: {
      camera: Camera;
      action: 'start' | 'stop';
      durationSeconds?: number;
    }) => {
      const path = `/api/v1/cameras/${camera.id}/recording/${action}`;
      if (action === 'start') {
        await sendJson<void>('POST', path, { durationSeconds });
      } else {
        await request(path, { method: 'POST' });
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['cameras'] }),
  });
}

export function useDeleteCamera() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (camera: Camera) => request(`/api/v1/cameras/${camera.id}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['cameras'] }),
  });
}
