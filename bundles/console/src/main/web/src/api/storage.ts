// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import type { Finding } from './types';

/** Sizes that are not known are left out. */
export interface Volume {
  id: string;
  name: string;
  kind: string;
  location: string;
  status: string;
  detail: string;
  role?: 'record' | 'on_request' | 'retired' | 'backup' | string;
  totalBytes?: number;
  usableBytes?: number;
  /** No more than this is taken for footage; left out, or negative: as much as there is. */
  quotaBytes?: number;
  reserveBytes?: number;
  /** Its share beside others; 0: only for cameras that name it. */
  weight?: number;
  retentionDaysMin?: number;
  /** Left out: no limit of its own. */
  retentionDaysMax?: number;
  footageBytes?: number;
  segments?: number;
  /** Footage that goes elsewhere; what is left may not be counted yet. */
  moving?: {
    reason: string;
    chunksLeft?: number;
    bytesLeft?: number;
    chunksMoved: number;
    bytesMoved: number;
    /** In English. */
    trouble?: string;
    finding?: Finding;
  };
  encryption?: 'none' | 'aes-256-gcm' | string;
  /** Why it cannot encrypt, and takes no footage. */
  encryptionTrouble?: string;
  /** Of a backup volume: what is still to be copied. */
  backup?: {
    chunksWaiting?: number;
    bytesWaiting?: number;
    lagSeconds?: number;
    chunksCopied: number;
    bytesCopied: number;
    /** In English. */
    trouble?: string;
    finding?: Finding;
  };
}

export interface VolumeLimits {
  reservePercent?: number;
  /** -1: none. */
  quotaBytes?: number;
  weight?: number;
  encryption?: string;
  retentionDaysMin?: number;
  /** -1: no limit of its own. */
  retentionDaysMax?: number;
}

/** A volume as it is set up. */
export interface VolumeConfiguration extends VolumeLimits {
  role?: string;
}

export interface VolumeDraft extends VolumeLimits {
  name: string;
  path: string;
  create: boolean;
  role?: string;
}

const VOLUMES = '/api/v1/storage/volumes';
const at = (name: string) => `${VOLUMES}/${encodeURIComponent(name)}`;

export function useVolumes() {
  return useQuery({
    queryKey: ['volumes'],
    queryFn: ({ signal }) => getJson<{ items: Volume[] }>(VOLUMES, signal).then((page) => page.items),
    refetchInterval: 5_000,
  });
}

export function useVolumeLimits(name: string | undefined) {
  return useQuery({
    queryKey: ['volumes', name],
    queryFn: ({ signal }) => getJson<VolumeConfiguration>(at(name ?? ''), signal),
    enabled: name !== undefined,
    gcTime: 0,
  });
}

export type VolumeTask =
  | { kind: 'add'; draft: VolumeDraft }
  | { kind: 'change'; name: string; limits: VolumeLimits }
  | { kind: 'retire' | 'restore'; name: string }
  /** `keepFiles`: what is on it stays there, out of sight. */
  | { kind: 'remove'; name: string; keepFiles: boolean };

export function useVolumeTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (task: VolumeTask): Promise<void> => {
      switch (task.kind) {
        case 'add':
          await sendJson<unknown>('POST', VOLUMES, task.draft);
          break;
        case 'change':
          await sendJson<unknown>('PATCH', at(task.name), task.limits);
          break;
        case 'retire':
          await request(`${at(task.name)}/retirement`, { method: 'POST' });
          break;
        case 'restore':
          await request(`${at(task.name)}/retirement`, { method: 'DELETE' });
          break;
        case 'remove':
          await request(`${at(task.name)}${task.keepFiles ? '?keepFiles=true' : ''}`, { method: 'DELETE' });
          break;
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['volumes'] }),
  });
}
