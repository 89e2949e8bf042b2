// SPDX-License-Identifier: Apache-2.0
import type { StreamRole } from '../../api/types';
import { HlsSource } from './hlsSource';
import { LiveSession } from './liveSession';
import { RtcSession } from './rtcSession';
import type { Blocked, Session, SessionEvents, Way } from './session';
import { WAYS } from './session';
import { SocketSource } from './socketSource';

/** What the network does not let through it does not for the next tile either; networks change, so it is tried again. */
const REMEMBERED_MS = 300_000;

const closed = new Map<Way, { blocked: Blocked; untilMs: number }>();

/** Notes that a way was of no use, if that holds for other cameras too. */
export function noteBlocked(blocked: Blocked, nowMs = Date.now()): void {
  if (blocked.why === 'network' || blocked.why === 'browser') {
    closed.set(blocked.way, { blocked, untilMs: nowMs + REMEMBERED_MS });
  }
}

/** Notes that a way works. */
export function noteOpen(way: Way): void {
  closed.delete(way);
}

/** What is of no use to a player: what it was refused, and what others found closed. */
export function blockedFor(refused: readonly Blocked[], nowMs = Date.now()): Blocked[] {
  const known = [...closed.values()].filter(({ untilMs }) => untilMs > nowMs).map(({ blocked }) => blocked);
  return [...refused, ...known.filter(({ way }) => !refused.some((one) => one.way === way))];
}

/**
 * The soonest way that is not known to be of no use; the socket when none is left, as it says best what is wrong.
 *
 * @param refused ways that this player has been refused
 */
export function chooseWay(refused: readonly Blocked[], nowMs = Date.now()): Way {
  const blocked = blockedFor(refused, nowMs);
  return WAYS.find((way) => !blocked.some((one) => one.way === way)) ?? 'ws';
}

export type SessionMaker = (way: Way, cameraId: string, stream: StreamRole, events: SessionEvents) => Session;

export const makeSession: SessionMaker = (way, cameraId, stream, events) => {
  switch (way) {
    case 'webrtc':
      return new RtcSession(cameraId, stream, events);
    case 'ws':
      return new LiveSession(
        'ws',
        stream,
        events,
        (listener) => new SocketSource(cameraId, stream, listener),
      );
    case 'hls':
      return new LiveSession('hls', stream, events, (listener) => new HlsSource(cameraId, stream, listener));
  }
};
