// SPDX-License-Identifier: Apache-2.0

/** What the mock server uses of it. */
declare module 'ws' {
  import type { IncomingMessage } from 'node:http';
  import type { Duplex } from 'node:stream';

  export interface WebSocket {
    send(data: string | Uint8Array): void;
    close(code: number, reason: string): void;
    on(event: 'close', listener: () => void): void;
  }

  export class WebSocketServer {
    constructor(options: { noServer: true });
    handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      done: (client: WebSocket) => void,
    ): void;
  }
}
