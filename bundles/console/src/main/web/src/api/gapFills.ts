// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { getJson, sendJson } from './client';

const REFETCH_MS = 30_000;
const RUNNING_REFETCH_MS = 1_000;

/** What is missing, fetched from the camera that recorded it itself. */
export interface GapFill {
  id: string;
  cameraId: string;
  from: string;
  to: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  detail?: string;
  missingMs: number;
  filledMs: number;
  /** Absent: it began by itself. */
  createdBy?: string;
  created: string;
  finished?: string;
}

export interface GapFillDraft {
  cameraId: string;
  from: string;
  to: string;
}

export const isUnderWay = ({ state }: GapFill) => state === 'waiting' || state === 'running';

/** Those of a camera, newest first; what is drawn of its footage is looked at anew when one is over. */
export function useGapFills(cameraId: string) {
  const client = useQueryClient();
  const fills = useQuery({
    queryKey: ['gap-fills'],
    queryFn: ({ signal }) =>
      getJson<{ items: GapFill[] }>('/api/v1/gap-fills', signal).then((page) => page.items),
    select: (items) => items.filter((item) => item.cameraId === cameraId),
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? RUNNING_REFETCH_MS : REFETCH_MS),
  });
  const over = fills.data?.filter((item) => !isUnderWay(item)).length ?? 0;
  useEffect(() => {
    if (over > 0) {
      void client.invalidateQueries({ queryKey: ['timeline'] });
      void client.invalidateQueries({ queryKey: ['coverage'] });
    }
  }, [client, over]);
  return fills;
}

export function useFillGaps() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: GapFillDraft) => sendJson<GapFill>('POST', '/api/v1/gap-fills', draft),
    onSettled: () => client.invalidateQueries({ queryKey: ['gap-fills'] }),
  });
}
