// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import { NetworkProblem } from './problem';

const EXPORTS = '/api/v1/exports';
const PACKAGES = '/media/v1/exports';
const REFETCH_BUSY_MS = 1_500;
const REFETCH_MS = 15_000;

/** Text in every picture. */
export interface ExportOverlay {
  text?: string;
  time?: boolean;
  user?: boolean;
  zone?: string;
}

/** A part of a camera's pictures that is hidden: its corners, 0 to 1. */
export interface ExportMask {
  cameraId: string;
  points: [number, number][];
}

/** Footage that is taken away in a package. */
export interface Export {
  id: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | string;
  /** Why it failed or what is missing; in English. */
  detail?: string;
  cameraIds: string[];
  from: string;
  to: string;
  stream: string;
  form: 'mp4' | 'mkv' | 'chunks' | string;
  /** Where footage begins and ends. */
  cut: 'key_frame' | 'exact' | string;
  reason: string;
  overlay?: ExportOverlay;
  masks?: ExportMask[];
  /** False when the cameras' sound is left out. */
  sound: boolean;
  createdBy: string;
  created: string;
  /** Among those that wait, 1 for the one that is made next. */
  queuePosition?: number;
  bytesDone: number;
  bytesExpected: number;
  remainingSeconds?: number;
  finished?: string;
  expires?: string;
  url?: string;
}

export interface ExportDraft {
  cameraIds: string[];
  from: string;
  to: string;
  stream: string;
  form: string;
  cut: string;
  reason: string;
  overlay?: ExportOverlay;
  masks?: ExportMask[];
  /** Taken along unless it is false. */
  sound?: boolean;
}

/** How large a package would be; nothing is ordered by it. */
export interface ExportEstimate {
  bytes: number;
  /** Files of the archive. */
  segments: number;
  /** Cameras whose sound would be in it. */
  withSound: string[];
  /** Why it would not be taken now; in English. */
  objection?: string;
}

export const isOpen = ({ state }: Export) => state === 'waiting' || state === 'running';

/** Exports of which the user may have all, newest first; asked for often while one is being made. */
export function useExports() {
  return useQuery({
    queryKey: ['exports'],
    queryFn: ({ signal }) => getJson<{ items: Export[] }>(EXPORTS, signal).then((page) => page.items),
    refetchInterval: (query) => (query.state.data?.some(isOpen) ? REFETCH_BUSY_MS : REFETCH_MS),
  });
}

/** @param draft as JSON, which tells one from another; none: nothing is asked */
export function useExportEstimate(draft: string | undefined) {
  return useQuery({
    queryKey: ['exports', 'estimate', draft],
    enabled: draft !== undefined,
    queryFn: ({ signal }) =>
      sendJson<ExportEstimate>('POST', `${EXPORTS}/estimate`, JSON.parse(draft ?? ''), {}, signal),
    // What is wrong with it does not mend itself; a typed time is asked about anew.
    retry: false,
    staleTime: 10_000,
  });
}

export function useOrderExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: ExportDraft) => sendJson<Export>('POST', EXPORTS, draft),
    onSettled: () => client.invalidateQueries({ queryKey: ['exports'] }),
  });
}

/**
 * The package in a ZIP that a password opens. Browsers keep what is large on the disk; it is named as the server names it.
 */
export function useLockedPackage() {
  return useMutation({
    mutationFn: async ({ id, password, signal }: { id: string; password: string; signal: AbortSignal }) => {
      const response = await request(`${PACKAGES}/${id}`, {
        method: 'POST',
        body: { password },
        headers: { 'Content-Type': 'application/json', Accept: 'application/zip, application/problem+json' },
        signal,
      });
      const named = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '');
      try {
        return { blob: await response.blob(), name: named?.[1] ?? `nxvms-export-${id}-locked.zip` };
      } catch (cause) {
        throw signal.aborted ? cause : new NetworkProblem(cause);
      }
    },
  });
}

/** Takes one back, however far it is, and removes its package. */
export function useRemoveExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: Export) => request(`${EXPORTS}/${id}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['exports'] }),
  });
}
