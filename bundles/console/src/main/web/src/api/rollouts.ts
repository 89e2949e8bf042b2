// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import { ApiProblem } from './problem';

/** A move of a driver's cameras to another version. */
export interface Rollout {
  driver: string;
  from: string;
  to: string;
  /** The camera that goes first; absent when the driver has none. */
  cameraId?: string;
  phase: 'canary' | 'all' | 'promoted' | 'rolled_back' | string;
  begun: string;
  /** When the phase began. */
  since: string;
  /** In English, like the findings: what is worse than before, a sentence a camera. */
  detail: string;
  findings: string[];
}

export interface RolloutDraft {
  driver: string;
  version: string;
  cameraId?: string;
  soakSeconds: number;
}

export const SOAK_SECONDS = { min: 10, max: 86_400, usual: 60 };
const POLL_MS = 2_000;
const at = (driver: string) => `/api/v1/drivers/${encodeURIComponent(driver)}/rollout`;

export const isUnderWay = (rollout: Rollout | null | undefined) =>
  rollout?.phase === 'canary' || rollout?.phase === 'all';

/**
 * The one under way or the last one since the server started; null when there was none.
 *
 * @param several whether more than one version is installed: else there is nothing to move between, and nothing is asked
 */
export function useRollout(driver: string, several: boolean) {
  return useQuery<Rollout | null>({
    queryKey: ['rollout', driver],
    enabled: (query) => several || (query.state.data ?? null) !== null,
    queryFn: async ({ signal }) => {
      try {
        return await getJson<Rollout>(at(driver), signal);
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) {
          return null;
        }
        throw error;
      }
    },
    // Slowly when none is under way: one may be begun from the shell or by another user.
    refetchInterval: (query) => (isUnderWay(query.state.data) ? POLL_MS : 5 * POLL_MS),
  });
}

export type RolloutTask = { kind: 'begin'; draft: RolloutDraft } | { kind: 'giveUp'; driver: string };

export function useRolloutTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (task: RolloutTask): Promise<void> => {
      if (task.kind === 'begin') {
        const { driver, ...body } = task.draft;
        await sendJson<Rollout>('POST', at(driver), body);
      } else {
        await request(at(task.driver), { method: 'DELETE' });
      }
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['rollout'] });
      void client.invalidateQueries({ queryKey: ['drivers'] });
      void client.invalidateQueries({ queryKey: ['cameras'] });
      void client.invalidateQueries({ queryKey: ['plugins'] });
    },
  });
}
