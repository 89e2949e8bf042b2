// SPDX-License-Identifier: Apache-2.0
// Live pictures by WebSocket: everything since the newest key picture at once, then a fragment a picture, like the server.
import type { WebSocket } from 'ws';
import { atDecodeTime, FPS, FRAMES, GOP, type Media, prft, timescaleOf } from './media';
import type { Site } from './site';

const PING_MS = 5_000;
const PUMP_MS = 10;
const BEGIN_TICKS = 90_000_000;

export function serveLive(
  client: WebSocket,
  site: Site,
  media: Media,
  cameraId: string,
  stream: string,
): void {
  const camera = site.find(cameraId);
  if (!camera) {
    client.close(4404, 'there is no such camera');
    return;
  }
  const tell = (message: object) => client.send(JSON.stringify(message));
  const ping = setInterval(() => tell({ type: 'ping', serverTimeMs: Date.now() }), PING_MS);
  client.on('close', () => clearInterval(ping));
  if (!site.sends(camera)) {
    const { cause, detail } = site.statusOf(camera);
    tell({ type: 'waiting', cause: cause ?? 'disabled', detail: detail ?? '' });
    return;
  }
  const small = stream === 'sub';
  const clip = small ? media.sub : media.main;
  const [width, height] = small ? [640, 360] : [1280, 720];
  const ticksPerPicture = timescaleOf(clip.init) / FPS;
  const newest = () => Math.floor(((Date.now() - site.bornMs) * FPS) / 1000);
  const first = newest() - (newest() % GOP);
  tell({
    type: 'init',
    codecs: site.codecsOf(camera, small ? 'sub' : 'main'),
    width,
    height,
    initId: stream,
    run: 1,
    hasAudio: false,
    stream,
    serverTimeMs: Date.now(),
  });
  client.send(clip.init);
  let next = first;
  const pump = () => {
    for (; next <= newest(); next++) {
      const piece = clip.fragments[next % FRAMES];
      if (piece) {
        const ticks = (next - first) * ticksPerPicture + BEGIN_TICKS;
        const taken = site.bornMs + (next * 1000) / FPS;
        client.send(Buffer.concat([prft(taken, ticks), atDecodeTime(clip.bytes, piece, ticks)]));
      }
    }
  };
  pump();
  const timer = setInterval(pump, PUMP_MS);
  client.on('close', () => clearInterval(timer));
}
