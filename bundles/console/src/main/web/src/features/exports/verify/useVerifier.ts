// SPDX-License-Identifier: Apache-2.0

import type { Report } from 'virtual:nxvms-verifier';
import { useCallback, useEffect, useRef, useState } from 'react';

/** What the worker says. */
export type Told =
  | { kind: 'progress'; part: number }
  | { kind: 'done'; report: Report }
  | { kind: 'failed'; why: string };

export type Verification = { kind: 'nothing' } | Told;

/** Reads a package in a thread of its own; nothing of it leaves the browser. A newly chosen one ends the one before. */
export function useVerifier(): { state: Verification; begin: (file: Blob | null) => void } {
  const [state, setState] = useState<Verification>({ kind: 'nothing' });
  const worker = useRef<Worker | undefined>(undefined);
  useEffect(() => () => worker.current?.terminate(), []);

  const begin = useCallback((file: Blob | null) => {
    worker.current?.terminate();
    worker.current = undefined;
    if (!file) {
      setState({ kind: 'nothing' });
      return;
    }
    setState({ kind: 'progress', part: 0 });
    const one = new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module' });
    worker.current = one;
    one.onmessage = ({ data }: MessageEvent<Told>) => setState(data);
    one.onerror = (event) => setState({ kind: 'failed', why: event.message });
    one.postMessage(file);
  }, []);
  return { state, begin };
}
