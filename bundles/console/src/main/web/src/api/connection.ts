// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { backoffMs } from './backoff';

const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 15_000;
/** So long after the last answer of any kind, and after this much silence, it is said: together less than 3 s. */
const HEARTBEAT_MS = 1_750;
const SILENCE_MS = 1_150;
const HEARTBEAT_TIMEOUT_MS = 2_500;

interface ConnectionState {
  lost: boolean;
  /** A heartbeat waits longer for its answer than is usual: to be said, but nothing is given up or begun anew yet. */
  silent: boolean;
  /** When the next try is made, local clock; 0 while one is running. */
  retryAtMs: number;
  /** Counts recoveries: players and queries start again when it changes. */
  epoch: number;
}

/** Whether the server can be reached. Any failed request reports here; a heartbeat finds out the rest. */
export const useConnection = create<ConnectionState>(() => ({
  lost: false,
  silent: false,
  retryAtMs: 0,
  epoch: 0,
}));

let attempts = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let watching = false;
let beating = false;
/** Counts answers. */
let answers = 0;

/** Any answer does for a heartbeat, so that those who ask much anyway are asked no more. */
export function reportReachable(): void {
  attempts = 0;
  answers++;
  const state = useConnection.getState();
  if (state.lost) {
    useConnection.setState({ lost: false, silent: false, retryAtMs: 0, epoch: state.epoch + 1 });
  } else if (state.silent) {
    useConnection.setState({ silent: false });
  }
  if (watching && !beating) {
    schedule();
  }
}

export function reportUnreachable(): void {
  if (useConnection.getState().lost) {
    return;
  }
  useConnection.setState({ lost: true });
  if (watching) {
    schedule();
  }
}

/** Starts the heartbeat; the returned function ends it. */
export function watchConnection(): () => void {
  watching = true;
  schedule();
  return () => {
    watching = false;
    clearTimeout(timer);
  };
}

export function retryNow(): void {
  clearTimeout(timer);
  void beat();
}

function schedule(): void {
  clearTimeout(timer);
  const lost = useConnection.getState().lost;
  const delayMs = lost ? backoffMs(attempts++, RETRY_MIN_MS, RETRY_MAX_MS) : HEARTBEAT_MS;
  if (lost) {
    useConnection.setState({ retryAtMs: Date.now() + delayMs });
  }
  timer = setTimeout(() => void beat(), delayMs);
}

async function beat(): Promise<void> {
  beating = true;
  useConnection.setState({ retryAtMs: 0 });
  const before = answers;
  const silence = setTimeout(() => {
    if (answers === before && !useConnection.getState().lost) {
      useConnection.setState({ silent: true });
    }
  }, SILENCE_MS);
  try {
    const signal = AbortSignal.timeout(HEARTBEAT_TIMEOUT_MS);
    // Whether it answers: a slow check of a part is no silence of the server.
    const response = await fetch('/api/v1/health?wait=false', { cache: 'no-store', signal });
    // "Not ready" is an answer; the web server's own "not found" means that the rest is still starting.
    if (response.headers.get('Content-Type')?.includes('json')) {
      reportReachable();
    } else {
      useConnection.setState({ lost: true, silent: false });
    }
  } catch {
    // What others were answered meanwhile counts too.
    if (answers === before) {
      useConnection.setState({ lost: true, silent: false });
    }
  }
  clearTimeout(silence);
  beating = false;
  if (watching) {
    schedule();
  }
}
