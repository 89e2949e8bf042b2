// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState } from 'react';
import { getJson, sendJson } from '../../api/client';
import type { DiscoveryScan } from '../../api/types';

const SECONDS = 5;

export interface Search {
  scan?: DiscoveryScan;
  error?: unknown;
  /** From the first request to the last answer. */
  runs: boolean;
  /** @param addresses whom to ask; nobody: everybody */
  begin: (addresses: string[]) => void;
}

/** Looks for devices; what is found arrives while it is found. Ends with the component. */
export function useSearch(): Search {
  const [state, setState] = useState<Omit<Search, 'begin'>>({ runs: false });
  const current = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => current.current?.abort(), []);

  const begin = useCallback((addresses: string[]) => {
    current.current?.abort();
    const abort = new AbortController();
    current.current = abort;
    setState({ runs: true });
    const show = (next: Omit<Search, 'begin'>) => {
      if (!abort.signal.aborted) {
        setState(next);
      }
    };
    follow(addresses, abort.signal, (scan) => show({ runs: scan.runs, scan })).catch((error: unknown) =>
      show({ runs: false, error }),
    );
  }, []);
  return { ...state, begin };
}

async function follow(
  addresses: string[],
  signal: AbortSignal,
  show: (scan: DiscoveryScan) => void,
): Promise<void> {
  const order = { seconds: SECONDS, ...(addresses.length > 0 ? { addresses } : {}) };
  let scan = await sendJson<DiscoveryScan>('POST', '/api/v1/discovery', order, {}, signal);
  show(scan);
  while (scan.runs && !signal.aborted) {
    const path = `/api/v1/discovery/${encodeURIComponent(scan.id)}?after=${scan.revision}`;
    scan = await getJson<DiscoveryScan>(path, signal);
    show(scan);
  }
}
