// SPDX-License-Identifier: Apache-2.0
// A bad network on loopback: passes datagrams on, both ways, and loses some of those to the player by a seed.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/** Of RTP and RTCP (RFC 7983); checks of the way and keys come through, as they are repeated anyway. */
const isMedia = (datagram: Buffer) => (datagram[0] ?? 0) >= 128 && (datagram[0] ?? 0) <= 191;

const RECEIVE_BUFFER_BYTES = 4 << 20;

export interface LossyRelay {
  port: number;
  /** When datagrams were lost, of the wall clock in ms. */
  lostMs: number[];
  close(): void;
}

export async function openLossyRelay(serverPort: number, share: number, seed: number): Promise<LossyRelay> {
  const door = createSocket('udp4');
  const behind = new Map<string, Socket>();
  const lostMs: number[] = [];
  const chance = randomBy(seed);
  const socketOf = (player: RemoteInfo): Socket => {
    const name = `${player.address}:${player.port}`;
    const known = behind.get(name);
    if (known) {
      return known;
    }
    const socket = createSocket('udp4');
    // A group of pictures at once: nothing is to be lost but by the seed.
    socket.bind(0, '127.0.0.1', () => socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES));
    socket.on('message', (datagram) => {
      if (isMedia(datagram) && chance() < share) {
        lostMs.push(Date.now());
      } else {
        door.send(datagram, player.port, player.address);
      }
    });
    behind.set(name, socket);
    return socket;
  };
  door.on('message', (datagram, player) => socketOf(player).send(datagram, serverPort, '127.0.0.1'));
  await new Promise<void>((bound) => door.bind(0, '127.0.0.1', bound));
  return {
    port: door.address().port,
    lostMs,
    close: () => {
      door.close();
      for (const socket of behind.values()) {
        socket.close();
      }
    },
  };
}

/** Mulberry32. */
function randomBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
