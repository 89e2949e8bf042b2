// SPDX-License-Identifier: Apache-2.0
import { request } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import type { StreamName } from '../../api/types';
import { parseInit } from '../mp4/init';
import { type HlsPiece, type HlsPlaylist, parsePlaylist, piecesAfter } from './hlsPlaylist';
import { CLOSE } from './liveMachine';
import type { MediaListener, MediaSourceOf } from './liveSession';

/** Parts of LL-HLS one after the other, by plain requests: comes through wherever the console does. */
export class HlsSource implements MediaSourceOf {
  private readonly aborted = new AbortController();
  private readonly base: string;
  private map = '';
  private last: HlsPiece | undefined;

  constructor(
    cameraId: string,
    private readonly stream: StreamName,
    private readonly listener: MediaListener,
  ) {
    this.base = `/media/v1/live/${encodeURIComponent(cameraId)}/`;
    void this.run().catch((error) => this.ended(error));
  }

  private async run(): Promise<void> {
    let playlist = await this.load('');
    this.listener.opened();
    for (;;) {
      for (const piece of piecesAfter(playlist.pieces, this.last)) {
        await this.take(piece);
      }
      const { segment, part } = playlist.next;
      playlist = await this.load(`&_HLS_msn=${segment}&_HLS_part=${part}`);
    }
  }

  private async load(waitFor: string): Promise<HlsPlaylist> {
    return parsePlaylist(await (await this.fetch(`index.m3u8?stream=${this.stream}${waitFor}`)).text());
  }

  private async take(piece: HlsPiece): Promise<void> {
    if (piece.map !== this.map) {
      const init = await this.bytes(piece.map);
      this.map = piece.map;
      this.listener.init(init, withSound(codecsOf(init), init));
    }
    this.listener.media(await this.bytes(piece.uri));
    this.last = piece;
  }

  private async bytes(uri: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await this.fetch(uri)).arrayBuffer());
  }

  private fetch(uri: string): Promise<Response> {
    return request(this.base + uri, { headers: { Accept: '*/*' }, signal: this.aborted.signal });
  }

  private ended(error: unknown): void {
    if (this.aborted.signal.aborted) {
      return;
    }
    if (!(error instanceof ApiProblem)) {
      this.listener.closed(1006, '');
    } else if (error.status === 503) {
      this.listener.closed(1013, error.message);
    } else {
      const codes: Record<number, number> = {
        403: CLOSE.forbidden,
        404: CLOSE.noSuchCamera,
        409: CLOSE.notPlayable,
      };
      this.listener.closed(codes[error.status] ?? 1006, error.message);
    }
  }

  close(): void {
    this.aborted.abort();
  }
}

/** With the codec of its sound, if it has one that players know. */
export function withSound(codecs: string, init: Uint8Array): string {
  const entry = parseInit(init).tracks.find(({ kind }) => kind === 'audio')?.entry;
  const name = { mp4a: 'mp4a.40.2', Opus: 'opus' }[entry ?? ''];
  return codecs && name ? `${codecs},${name}` : codecs;
}

/** The codec's name (RFC 6381) of an initialisation segment with H.264; that of others is left to the browser to refuse. */
export function codecsOf(init: Uint8Array): string {
  for (let at = 0; at + 8 < init.length; at++) {
    if (init[at] === 0x61 && init[at + 1] === 0x76 && init[at + 2] === 0x63 && init[at + 3] === 0x43) {
      const hex = [...init.slice(at + 5, at + 8)].map((byte) => byte.toString(16).padStart(2, '0'));
      return `avc1.${hex.join('')}`;
    }
  }
  return '';
}
