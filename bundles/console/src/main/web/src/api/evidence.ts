// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { midnight, shownZoneName, wallOf } from '../ui/zone';
import { getJson, request, sendJson } from './client';
import type { StreamRole } from './types';

const REFETCH_MS = 30_000;
const STREAMS: StreamRole[] = ['main', 'sub'];

/** Footage that retention leaves alone. */
export interface EvidenceLock {
  id: string;
  cameraIds: string[];
  from: string;
  to: string;
  reason: string;
  createdBy: string;
  created: string;
}

export interface LockDraft {
  cameraIds: string[];
  from: string;
  to: string;
  reason: string;
}

export interface CoverageDay {
  /** As 2026-11-22; absent for the sum. */
  day?: string;
  totalMs: number;
  coveredMs: number;
  percent?: number;
  missing: { cause: string; ms: number }[];
}

/** Of one stream of a camera. */
export interface CoverageAnswer {
  stream: StreamRole;
  all: CoverageDay;
  days: CoverageDay[];
}

/** All locks, newest first. */
export function useLocks(enabled: boolean) {
  return useQuery({
    queryKey: ['locks'],
    queryFn: ({ signal }) =>
      getJson<{ items: EvidenceLock[] }>('/api/v1/locks', signal).then((page) => page.items),
    refetchInterval: REFETCH_MS,
    enabled,
  });
}

export function useAddLock() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: LockDraft) => sendJson<EvidenceLock>('POST', '/api/v1/locks', draft),
    onSettled: () => client.invalidateQueries({ queryKey: ['locks'] }),
  });
}

export function useRemoveLock() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request(`/api/v1/locks/${id}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['locks'] }),
  });
}

/** How much of each of the last days is footage, of each stream of which anything is known; days are those of the clocks that are shown. */
export function useCoverage(cameraId: string, days: number) {
  return useQuery({
    queryKey: ['coverage', cameraId, days, shownZoneName()],
    queryFn: ({ signal }): Promise<CoverageAnswer[]> => {
      const today = wallOf(Date.now());
      const first = midnight(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() - (days - 1));
      const zone = shownZoneName();
      const range = `from=${first}&to=${Date.now()}&zone=${encodeURIComponent(zone)}`;
      const path = `/api/v1/archive/${encodeURIComponent(cameraId)}/coverage?${range}`;
      return Promise.all(
        STREAMS.map((stream) => getJson<CoverageAnswer>(`${path}&stream=${stream}`, signal)),
      ).then((all) => all.filter((answer) => answer.days.length > 0));
    },
    placeholderData: keepPreviousData,
    staleTime: REFETCH_MS,
  });
}

/** Some segments, and the time from the first one's start to the last one's end. */
export interface SomeSegments {
  segments: number;
  bytes: number;
  from: string;
  to: string;
}

/** What would go, or went; only whole segments do. */
export interface Removal {
  cameraId: string;
  removable?: SomeSegments;
  /** Reach beyond the range and stay. */
  partly?: SomeSegments;
  locked?: SomeSegments;
  growing?: SomeSegments;
  /** To be sent back so that this, and nothing else, is removed. */
  confirm?: string;
  removed?: { segments: number; bytes: number; kept: number; trouble?: string };
}

export interface RemovalDraft {
  cameraId: string;
  from: string;
  to: string;
  confirm?: string;
}

/** Without `confirm` it only looks. */
export function useRemoval() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: RemovalDraft) => sendJson<Removal>('POST', '/api/v1/removals', draft),
    onSuccess: (answer) => {
      if (answer.removed) {
        void client.invalidateQueries({ queryKey: ['timeline'] });
        void client.invalidateQueries({ queryKey: ['coverage'] });
      }
    },
  });
}
