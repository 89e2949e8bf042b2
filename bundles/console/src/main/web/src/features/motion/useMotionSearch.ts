// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState } from 'react';
import {
  beginMotionSearch,
  endMotionSearch,
  type MotionOrder,
  type MotionSearch,
  motionSearch,
  withTold,
} from '../../api/motion';
import { ApiProblem } from '../../api/problem';

/** Between two answers: what is found meanwhile comes with the next one. */
const PAUSE_MS = 250;
const BUSY_MS = 1_000;
const TOO_MANY = 429;

export interface Searching {
  search?: MotionSearch;
  running: boolean;
  problem?: unknown;
  begin: (order: MotionOrder) => void;
  /** What was found stays. */
  cancel: () => void;
  /** What was found goes, too. */
  forget: () => void;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One search at a time, whose answers come while it goes on; who leaves the page ends it. */
export function useMotionSearch(): Searching {
  const [search, setSearch] = useState<MotionSearch>();
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const abort = useRef<AbortController>(undefined);

  const cancel = useCallback(() => {
    abort.current?.abort();
    abort.current = undefined;
    setRunning(false);
  }, []);
  useEffect(() => cancel, [cancel]);

  const begin = useCallback(
    (order: MotionOrder) => {
      cancel();
      const mine = new AbortController();
      abort.current = mine;
      setSearch(undefined);
      setProblem(undefined);
      setRunning(true);
      follow(order, mine.signal, (now) => setSearch((before) => withTold(now, before)))
        .catch((error: unknown) => {
          if (!mine.signal.aborted) {
            setProblem(error);
          }
        })
        .finally(() => {
          if (abort.current === mine) {
            setRunning(false);
          }
        });
    },
    [cancel],
  );

  const forget = useCallback(() => {
    cancel();
    setSearch(undefined);
    setProblem(undefined);
  }, [cancel]);

  return { search, running, problem, begin, cancel, forget };
}

async function follow(
  order: MotionOrder,
  signal: AbortSignal,
  tell: (search: MotionSearch) => void,
): Promise<void> {
  // Not to be broken off: a search that nobody knows of could not be ended.
  const begun = await beginMotionSearch(order);
  try {
    if (!signal.aborted) {
      tell(begun);
    }
    // The first question waits for nothing: what the cameras told is in its answer, and in the last one.
    let after: number | undefined;
    while (!signal.aborted) {
      const now = await next(begun.id, after, signal);
      if (now) {
        tell(now);
        if (now.state !== 'running') {
          return;
        }
        after = now.revision;
      }
      await pause(now ? PAUSE_MS : BUSY_MS);
    }
  } finally {
    // One that is over is forgotten by the server sooner than by itself.
    endMotionSearch(begun.id).catch(() => undefined);
  }
}

/** Nothing while the server is too busy to say. */
async function next(
  id: string,
  after: number | undefined,
  signal: AbortSignal,
): Promise<MotionSearch | undefined> {
  try {
    return await motionSearch(id, after, signal);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === TOO_MANY) {
      return undefined;
    }
    throw error;
  }
}
