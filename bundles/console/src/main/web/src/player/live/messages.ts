// SPDX-License-Identifier: Apache-2.0
import type { StreamName } from '../../api/types';

export interface InitMessage {
  type: 'init';
  codecs: string;
  width: number;
  height: number;
  initId: string;
  run: number;
  hasAudio: boolean;
  stream: StreamName;
  serverTimeMs: number;
}

export type ServerMessage =
  | InitMessage
  | { type: 'drop'; skipped: number }
  | { type: 'waiting'; cause?: string; detail?: string }
  | { type: 'ping'; serverTimeMs: number };

/** A message of a kind this console does not know is nothing. */
export function parseServerMessage(text: string): ServerMessage | undefined {
  try {
    const message = JSON.parse(text) as { type?: unknown };
    switch (message?.type) {
      case 'init':
      case 'drop':
      case 'waiting':
      case 'ping':
        return message as ServerMessage;
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

/** @param sound whether it is wanted too */
export function liveUrl(
  cameraId: string,
  stream: StreamName,
  sound: boolean,
  origin = location.href,
): string {
  const url = new URL(`/ws/v1/live/${encodeURIComponent(cameraId)}`, origin);
  url.search = new URLSearchParams({ stream, sound: String(sound) }).toString();
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
