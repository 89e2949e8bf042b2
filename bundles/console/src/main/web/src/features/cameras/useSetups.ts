// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { getJson, sendJson } from '../../api/client';
import type { SetupBatch } from '../../api/types';

export interface SetupOrder {
  cameras: { address: string; driver?: string; name?: string }[];
  username?: string;
  password?: string;
}

interface State {
  batch?: SetupBatch;
  error?: unknown;
  runs: boolean;
}

/** Adds many cameras; what becomes of each arrives while it does. The server goes on when the component ends. */
export function useSetups(): State & { begin: (order: SetupOrder) => void } {
  const client = useQueryClient();
  const [state, setState] = useState<State>({ runs: false });
  const current = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => current.current?.abort(), []);

  const begin = useCallback(
    (order: SetupOrder) => {
      current.current?.abort();
      const abort = new AbortController();
      current.current = abort;
      setState({ runs: true });
      const show = (next: State) => {
        if (!abort.signal.aborted) {
          setState(next);
        }
      };
      follow(order, abort.signal, (batch) => show({ runs: batch.runs, batch }))
        .catch((error: unknown) => show({ runs: false, error }))
        .finally(() => void client.invalidateQueries({ queryKey: ['cameras'] }));
    },
    [client],
  );
  return { ...state, begin };
}

async function follow(
  order: SetupOrder,
  signal: AbortSignal,
  show: (batch: SetupBatch) => void,
): Promise<void> {
  let batch = await sendJson<SetupBatch>('POST', '/api/v1/cameras/setups', order, {}, signal);
  show(batch);
  while (batch.runs && !signal.aborted) {
    const path = `/api/v1/cameras/setups/${encodeURIComponent(batch.id)}?after=${batch.revision}`;
    batch = await getJson<SetupBatch>(path, signal);
    show(batch);
  }
}
