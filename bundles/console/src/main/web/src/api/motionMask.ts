// SPDX-License-Identifier: Apache-2.0
// What of a camera's picture counts as no motion.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './client';

/** Corners, 0 to 1 from the left and from the top. */
export type Corners = [number, number][];

export interface MotionMask {
  version: number;
  areas: { points: Corners }[];
}

const at = (cameraId: string) => `/api/v1/motion/masks/${encodeURIComponent(cameraId)}`;
const key = (cameraId: string) => ['motion-mask', cameraId];

export function useMotionMask(cameraId: string) {
  return useQuery({
    queryKey: key(cameraId),
    queryFn: ({ signal }) => getJson<MotionMask>(at(cameraId), signal),
    refetchOnWindowFocus: false,
  });
}

/** Gives all of it, upon what was read of it. */
export function useSaveMotionMask(cameraId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, areas }: MotionMask) =>
      sendJson<MotionMask>('PUT', at(cameraId), { areas }, { 'If-Match': `"${version}"` }),
    onSuccess: (after) => {
      client.setQueryData(key(cameraId), after);
      // What moves beside it is another thing by now.
      return client.invalidateQueries({ queryKey: ['motion', cameraId] });
    },
    onError: () => client.invalidateQueries({ queryKey: key(cameraId) }),
  });
}
