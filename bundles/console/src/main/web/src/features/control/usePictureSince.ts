// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { request } from '../../api/client';
import { stillOf } from '../../ui/boxes/BoxEditor';

const EVERY_MS = 2_000;
/** A camera that sends a key picture only once a minute is not waited for. */
const ASKED_MAX = 15;
/** What was changed is in the pictures a moment later. */
const TAKES_MS = 2_000;

/**
 * Where a picture is that the camera has sent since then: until it has, what it has sent last, for its newest key picture may be
 * of before. Undefined without a moment, and before the first has come.
 */
export function usePictureSince(cameraId: string, sinceMs: number | undefined): string | undefined {
  const { data } = useQuery({
    queryKey: ['control', cameraId, 'picture', sinceMs],
    queryFn: async ({ signal }) => {
      const answer = await request(stillOf(cameraId), { headers: { Accept: 'image/jpeg' }, signal });
      return {
        takenMs: Date.parse(answer.headers.get('X-NXvms-Captured') ?? ''),
        picture: await answer.blob(),
      };
    },
    enabled: sinceMs !== undefined,
    refetchInterval: ({ state }) =>
      state.dataUpdateCount + state.errorUpdateCount >= ASKED_MAX ||
      (state.data && state.data.takenMs >= (sinceMs ?? 0) + TAKES_MS)
        ? false
        : EVERY_MS,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
  const picture = data?.picture;
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (picture) {
      const made = URL.createObjectURL(picture);
      setAddress(made);
      return () => URL.revokeObjectURL(made);
    }
    return undefined;
  }, [picture]);
  return address;
}
