// SPDX-License-Identifier: Apache-2.0
import type { PlayerPhase } from '../types';
import type { Blocked } from './session';

/** What the tile knows about its stream. */
export interface LiveState {
  phase: PlayerPhase;
  cause?: string;
  detail?: string;
  /** What is wrong with the way that is asked for. */
  blocked?: Blocked;
  /** Tries since the last picture. */
  attempts: number;
}

export type LiveEvent =
  | { type: 'open' }
  | { type: 'picture' }
  | { type: 'silence' }
  | { type: 'waiting'; cause?: string; detail?: string }
  | { type: 'closed'; code: number; reason: string }
  | { type: 'undecodable'; detail: string }
  | { type: 'barred'; blocked: Blocked }
  | { type: 'suspend' }
  | { type: 'retry' };

export const INITIAL_LIVE_STATE: LiveState = { phase: 'idle', attempts: 0 };

export const CLOSE = {
  unauthenticated: 4401,
  forbidden: 4403,
  noSuchCamera: 4404,
  notPlayable: 4409,
  tryAgain: 1013,
} as const;

/** Pure: the next state, with no clock and no socket. */
export function nextLiveState(state: LiveState, event: LiveEvent): LiveState {
  switch (event.type) {
    case 'open':
      return { attempts: state.attempts, phase: 'connecting' };
    case 'picture':
      return { phase: 'live', attempts: 0 };
    case 'silence':
      return state.phase === 'live' ? { ...state, phase: 'stalled' } : state;
    case 'waiting':
      return { ...state, phase: 'offline', cause: event.cause, detail: event.detail };
    case 'undecodable':
      return { ...state, phase: 'unsupported', detail: event.detail };
    case 'barred':
      return { attempts: state.attempts, phase: 'no-way', blocked: event.blocked };
    case 'suspend':
      return { phase: 'suspended', attempts: 0 };
    case 'retry':
      return { ...state, attempts: state.attempts + 1 };
    case 'closed':
      return closed(state, event.code, event.reason);
  }
}

function closed(state: LiveState, code: number, reason: string): LiveState {
  switch (code) {
    case CLOSE.forbidden:
      return { ...state, phase: 'forbidden', detail: reason || undefined };
    case CLOSE.noSuchCamera:
      return { ...state, phase: 'missing', detail: reason || undefined };
    case CLOSE.notPlayable:
      return { ...state, phase: 'unsupported', detail: reason || undefined };
    case CLOSE.tryAgain:
      // It says what for: no room for another encoding, say.
      return state.phase === 'live'
        ? { ...state, phase: 'stalled', detail: reason || undefined }
        : {
            ...state,
            phase: state.phase === 'idle' ? 'connecting' : state.phase,
            detail: reason || state.detail,
          };
    default:
      // A picture that was there stays visible as stalled; a camera known to be offline keeps its cause.
      if (state.phase === 'live') {
        return { ...state, phase: 'stalled' };
      }
      return state.phase === 'connecting' || state.phase === 'idle'
        ? { ...state, phase: 'connecting' }
        : state;
  }
}

/** How long to wait before the next try, or nothing if trying again is of no use. */
export function retryBoundsMs(code: number): { minMs: number; maxMs: number } | undefined {
  switch (code) {
    case CLOSE.forbidden:
    case CLOSE.noSuchCamera:
      return { minMs: 30_000, maxMs: 60_000 };
    case CLOSE.notPlayable:
      return { minMs: 60_000, maxMs: 120_000 };
    default:
      return { minMs: 500, maxMs: 15_000 };
  }
}
