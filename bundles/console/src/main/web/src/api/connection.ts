// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { backoffMs } from './backoff';

const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 15_000;
const HEARTBEAT_MS = 2_500;
const HEARTBEAT_TIMEOUT_MS = 2_500;

interface ConnectionState {
  lost: boolean;
  /** When the next try is made, local clock; 0 while one is running. */
  retryAtMs: number;
  /** Counts recoveries: players and queries start again when it changes. */
  epoch: number;
}

/** Whether the server can be reached. Any failed request reports here; a heartbeat finds out the rest. */
export const useConnection = create<ConnectionState>(() => ({ lost: false, retryAtMs: 0, epoch: 0 }));

let attempts = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let watching = false;

export function reportReachable(): void {
  attempts = 0;
  const state = useConnection.getState();
  if (state.lost) {
    useConnection.setState({ lost: false, retryAtMs: 0, epoch: state.epoch + 1 });
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
  useConnection.setState({ retryAtMs: 0 });
  try {
    const signal = AbortSignal.timeout(HEARTBEAT_TIMEOUT_MS);
    const response = await fetch('/api/v1/health', { cache: 'no-store', signal });
    // "Not ready" is an answer; the web server's own "not found" means that the rest is still starting.
    if (response.headers.get('Content-Type')?.includes('json')) {
      reportReachable();
    } else {
      useConnection.setState({ lost: true });
    }
  } catch {
    useConnection.setState({ lost: true });
  }
  if (watching) {
    schedule();
  }
}
