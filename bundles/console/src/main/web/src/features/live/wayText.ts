// SPDX-License-Identifier: Apache-2.0
import type { TFunction } from 'i18next';
import type { StreamName } from '../../api/types';
import type { Blocked } from '../../player/live/session';

/** As players and people call them. */
export const WAY_NAME = {
  webrtc: 'WebRTC',
  ws: 'MSE',
  hls: 'LL-HLS',
  'mse-archive': 'MSE',
  webcodecs: 'WebCodecs',
} as const;

/** Why a way that would have been sooner is not taken. */
export function blockedText(t: TFunction, { way, why, detail }: Blocked): string {
  const known = why === 'stream' || why === 'server';
  return t('live.notBy', { way: WAY_NAME[way], reason: known && detail ? detail : t(`live.blocked.${why}`) });
}

/** "main"; "main, H.264 made by the server". */
export function streamText(t: TFunction, stream: StreamName): string {
  const [role = 'main', made] = stream.split('~');
  return made ? t('live.madeFrom', { stream: t(`stream.${role}`) }) : t(`stream.${role}`);
}
