// SPDX-License-Identifier: Apache-2.0
// coturn on this machine, which knows a secret with the server and no user, and relays on loopback only.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TurnServer {
  /** For the player, over UDP. */
  uri: string;
  /** What it has said so far. */
  said(): string;
  close(): Promise<void>;
}

/** A port that nobody has now; TURN over TCP is not listened to, so UDP alone counts. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

export async function openTurnServer(secret: string): Promise<TurnServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'nxvms-turn-'));
  const program = spawn(
    'turnserver',
    [
      '-n',
      '--verbose',
      '--log-file=stdout',
      `--pidfile=${join(folder, 'pid')}`,
      `--userdb=${join(folder, 'users')}`,
      '--use-auth-secret',
      `--static-auth-secret=${secret}`,
      '--realm=nxvms.example',
      '--listening-ip=127.0.0.1',
      '--relay-ip=127.0.0.1',
      '--allow-loopback-peers',
      `--listening-port=${port}`,
      '--no-cli',
      '--no-tcp',
      '--no-tls',
      '--no-dtls',
      '--no-multicast-peers',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const gone = new Promise<void>((resolve) => {
    program.once('exit', () => resolve());
    program.once('error', () => resolve());
  });
  let said = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const server = {
    uri: `turn:127.0.0.1:${port}?transport=udp`,
    said: () => said,
    close: async () => {
      program.kill();
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
  const opened = new Promise<void>((resolve) => {
    program.stdout.on('data', () => said.includes('UDP listener opened') && resolve());
  });
  await Promise.race([opened, gone]);
  if (!said.includes('UDP listener opened')) {
    await server.close();
    throw new Error(`coturn does not listen: ${said || 'is the package coturn installed?'}`);
  }
  return server;
}
