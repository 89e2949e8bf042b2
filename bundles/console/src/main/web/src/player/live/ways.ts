// SPDX-License-Identifier: Apache-2.0
import type { StreamName } from '../../api/types';
import { HlsSource } from './hlsSource';
import { LiveSession } from './liveSession';
import type { WantedWay } from './liveWish';
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
 * The soonest way that is not known to be of no use; the socket when none is left, as it says best what is wrong. One that is
 * asked for is taken whatever is known of it.
 *
 * @param refused ways that this player has been refused
 */
export function chooseWay(refused: readonly Blocked[], nowMs = Date.now(), wanted: WantedWay = 'auto'): Way {
  if (wanted !== 'auto') {
    return wanted;
  }
  const blocked = blockedFor(refused, nowMs);
  return WAYS.find((way) => !blocked.some((one) => one.way === way)) ?? 'ws';
}

/** @param sound whether its sound is wanted too */
export type SessionMaker = (
  way: Way,
  cameraId: string,
  stream: StreamName,
  events: SessionEvents,
  sound?: boolean,
) => Session;

export const makeSession: SessionMaker = (way, cameraId, stream, events, sound = false) => {
  switch (way) {
    case 'webrtc':
      return new RtcSession(cameraId, stream, events, sound);
    case 'ws':
      return new LiveSession(
        'ws',
        stream,
        events,
        (listener) => new SocketSource(cameraId, stream, listener, sound),
        sound,
      );
    case 'hls':
      return new LiveSession(
        'hls',
        stream,
        events,
        (listener) => new HlsSource(cameraId, stream, listener),
        sound,
      );
  }
};
