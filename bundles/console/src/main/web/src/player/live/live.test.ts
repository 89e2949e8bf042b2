// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../api/backoff';
import { CLOSE, INITIAL_LIVE_STATE, type LiveEvent, nextLiveState, retryBoundsMs } from './liveMachine';
import { liveUrl, parseServerMessage } from './messages';

const stateAfter = (...events: LiveEvent[]) => events.reduce(nextLiveState, INITIAL_LIVE_STATE);
const close = (code: number, reason = ''): LiveEvent => ({ type: 'closed', code, reason });

describe('live state', () => {
  it('goes from nothing over connecting to live', () => {
    expect(stateAfter({ type: 'open' }).phase).toBe('connecting');
    expect(stateAfter({ type: 'open' }, { type: 'picture' })).toEqual({ phase: 'live', attempts: 0 });
  });

  it('keeps showing a picture that has stopped, as stalled', () => {
    const live: LiveEvent[] = [{ type: 'open' }, { type: 'picture' }];
    expect(stateAfter(...live, { type: 'silence' }).phase).toBe('stalled');
    expect(stateAfter(...live, close(1006)).phase).toBe('stalled');
    expect(stateAfter(...live, close(1006), { type: 'picture' }).phase).toBe('live');
  });

  it('says why a camera is offline and keeps saying so while it reconnects', () => {
    const waiting: LiveEvent = { type: 'waiting', cause: 'camera_unreachable', detail: 'refused' };
    const state = stateAfter({ type: 'open' }, waiting, close(1001), { type: 'retry' });
    expect(state).toMatchObject({
      phase: 'offline',
      cause: 'camera_unreachable',
      detail: 'refused',
      attempts: 1,
    });
  });

  it.each([
    [CLOSE.forbidden, 'forbidden'],
    [CLOSE.noSuchCamera, 'missing'],
    [CLOSE.notPlayable, 'unsupported'],
  ] as const)('turns close code %i into %s with the reason', (code, phase) => {
    expect(stateAfter({ type: 'open' }, close(code, 'because'))).toMatchObject({ phase, detail: 'because' });
  });

  it('counts tries until a picture comes', () => {
    const state = stateAfter({ type: 'open' }, { type: 'retry' }, { type: 'retry' });
    expect(state.attempts).toBe(2);
    expect(nextLiveState(state, { type: 'picture' }).attempts).toBe(0);
  });
});

describe('retry', () => {
  it('is quick after a broken connection and slow after a refusal', () => {
    expect(retryBoundsMs(1006)).toEqual({ minMs: 500, maxMs: 15_000 });
    expect(retryBoundsMs(CLOSE.forbidden)?.minMs).toBeGreaterThanOrEqual(30_000);
  });

  it('doubles with jitter up to its bound', () => {
    expect(backoffMs(0, 500, 15_000, () => 0)).toBe(250);
    expect(backoffMs(0, 500, 15_000, () => 1)).toBe(500);
    expect(backoffMs(3, 500, 15_000, () => 1)).toBe(4_000);
    expect(backoffMs(99, 500, 15_000, () => 1)).toBe(15_000);
  });
});

describe('messages', () => {
  it('of an unknown kind or not JSON are nothing', () => {
    expect(parseServerMessage('{"type":"drop","skipped":3}')).toEqual({ type: 'drop', skipped: 3 });
    expect(parseServerMessage('{"type":"tomorrow"}')).toBeUndefined();
    expect(parseServerMessage('null')).toBeUndefined();
    expect(parseServerMessage('<html>')).toBeUndefined();
  });

  it('go to the host the page came from', () => {
    expect(liveUrl('a b', 'sub', false, 'https://nvr.example:8443/console/live')).toBe(
      'wss://nvr.example:8443/ws/v1/live/a%20b?stream=sub&sound=false',
    );
    expect(liveUrl('x', 'main', true, 'http://127.0.0.1:8080/')).toBe(
      'ws://127.0.0.1:8080/ws/v1/live/x?stream=main&sound=true',
    );
  });
});
