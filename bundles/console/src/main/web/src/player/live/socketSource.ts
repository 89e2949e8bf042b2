// SPDX-License-Identifier: Apache-2.0
import type { StreamName } from '../../api/types';
import type { MediaListener, MediaSourceOf } from './liveSession';
import { liveUrl, parseServerMessage } from './messages';

/** Fragments over a WebSocket. */
export class SocketSource implements MediaSourceOf {
  private readonly socket: WebSocket;
  private opened = false;
  private expectInit: string | undefined;

  constructor(cameraId: string, stream: StreamName, listener: MediaListener, sound: boolean) {
    this.socket = new WebSocket(liveUrl(cameraId, stream, sound));
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => {
      this.opened = true;
      listener.opened();
    };
    this.socket.onclose = (event) => {
      if (!this.opened && event.code === 1006) {
        listener.blocked('network');
      } else {
        listener.closed(event.code, event.reason);
      }
    };
    this.socket.onmessage = (event) => this.received(event.data, listener);
  }

  private received(data: unknown, listener: MediaListener): void {
    if (typeof data === 'string') {
      const message = parseServerMessage(data);
      if (message?.type === 'init') {
        this.expectInit = message.codecs;
      } else if (message) {
        listener.told(message);
      }
    } else if (data instanceof ArrayBuffer) {
      const bytes = new Uint8Array(data);
      if (this.expectInit !== undefined) {
        listener.init(bytes, this.expectInit);
        this.expectInit = undefined;
      } else {
        listener.media(bytes);
      }
    }
  }

  close(): void {
    this.socket.onopen = null;
    this.socket.onclose = null;
    this.socket.onmessage = null;
    this.socket.close();
  }
}
