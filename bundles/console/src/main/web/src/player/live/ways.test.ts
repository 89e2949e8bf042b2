// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from 'vitest';
import { initSegment } from '../../../test/mp4';
import { parsePlaylist, piecesAfter } from './hlsPlaylist';
import { codecsOf, withSound } from './hlsSource';
import type { Way } from './session';
import { blockedFor, chooseWay, noteBlocked, noteOpen } from './ways';
import { iceServersOf } from './whep';

beforeEach(() => {
  for (const way of ['webrtc', 'ws', 'hls'] as const) {
    noteOpen(way);
  }
});

describe('the way that pictures come', () => {
  it('is WebRTC, else the socket, else LL-HLS, and the socket when nothing is left', () => {
    const blocked = (way: Way) => ({ way, why: 'stream' as const });
    expect(chooseWay([])).toBe('webrtc');
    expect(chooseWay([blocked('webrtc')])).toBe('ws');
    expect(chooseWay([blocked('webrtc'), blocked('ws')])).toBe('hls');
    expect(chooseWay([blocked('webrtc'), blocked('ws'), blocked('hls')])).toBe('ws');
  });

  it('that the network closes to one player is closed to the others, for a while', () => {
    noteBlocked({ way: 'webrtc', why: 'network' }, 1_000);
    expect(chooseWay([], 1_001)).toBe('ws');
    expect(blockedFor([], 1_001)).toEqual([{ way: 'webrtc', why: 'network' }]);
    expect(chooseWay([], 301_001)).toBe('webrtc');
  });

  it('that is asked for is taken, whatever is known of it', () => {
    noteBlocked({ way: 'webrtc', why: 'network' }, 1_000);
    expect(chooseWay([], 1_001, 'webrtc')).toBe('webrtc');
    expect(chooseWay([{ way: 'hls', why: 'server' }], 1_001, 'hls')).toBe('hls');
    expect(chooseWay([], 1_001, 'auto')).toBe('ws');
  });

  it('that one stream cannot take is open to the others', () => {
    noteBlocked({ way: 'webrtc', why: 'stream' }, 1_000);
    expect(chooseWay([], 1_001)).toBe('webrtc');
  });
});

describe('relays of the answer', () => {
  it('are read with what opens them', () => {
    const link =
      '<stun:stun.example.com>; rel="ice-server", <turn:turn.example.com:3478?transport=udp>; rel="ice-server";' +
      ' username="1795752000:u"; credential="a+b/c="; credential-type="password", </next>; rel="next"';
    expect(iceServersOf(link)).toEqual([
      { urls: 'stun:stun.example.com' },
      { urls: 'turn:turn.example.com:3478?transport=udp', username: '1795752000:u', credential: 'a+b/c=' },
    ]);
    expect(iceServersOf(null)).toEqual([]);
  });
});

describe('a live playlist', () => {
  const playlist = parsePlaylist(
    [
      '#EXTM3U',
      '#EXT-X-VERSION:9',
      '#EXT-X-TARGETDURATION:2',
      '#EXT-X-MEDIA-SEQUENCE:7',
      '#EXT-X-MAP:URI="main/init-a.mp4"',
      '#EXTINF:2.0,',
      'main/7.m4s',
      '#EXT-X-PART:DURATION=0.3,URI="main/8.0.m4s",INDEPENDENT=YES',
      '#EXT-X-PART:DURATION=0.3,URI="main/8.1.m4s"',
      '#EXTINF:0.6,',
      'main/8.m4s',
      '#EXT-X-MAP:URI="main/init-b.mp4"',
      '#EXT-X-PART:DURATION=0.3,URI="main/9.0.m4s",INDEPENDENT=YES',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="main/9.1.m4s"',
      '',
    ].join('\n'),
  );
  const uris = (pieces: { uri: string }[]) => pieces.map(({ uri }) => uri);

  it('is taken by its parts where it names them, and says what comes next', () => {
    expect(uris(playlist.pieces)).toEqual(['main/7.m4s', 'main/8.0.m4s', 'main/8.1.m4s', 'main/9.0.m4s']);
    expect(playlist.pieces.map(({ map }) => map)).toEqual([
      'main/init-a.mp4',
      'main/init-a.mp4',
      'main/init-a.mp4',
      'main/init-b.mp4',
    ]);
    expect(playlist.next).toEqual({ segment: 9, part: 1 });
    expect(playlist.targetSeconds).toBe(2);
  });

  it('is begun where one can begin last, gone on with behind what was taken, and begun anew behind a hole', () => {
    const { pieces } = playlist;
    expect(uris(piecesAfter(pieces, undefined))).toEqual(['main/9.0.m4s']);
    expect(uris(piecesAfter(pieces, pieces[1]))).toEqual(['main/8.1.m4s', 'main/9.0.m4s']);
    expect(piecesAfter(pieces, pieces[3])).toEqual([]);
    const older = { uri: '', map: '', segment: 3, part: 0, independent: false };
    expect(uris(piecesAfter(pieces, older))).toEqual(['main/9.0.m4s']);
    expect(() => parsePlaylist('<html>')).toThrow('not a playlist');
  });

  it('has its codec in the initialisation segment', () => {
    const avcC = [0, 0, 0, 20, 0x61, 0x76, 0x63, 0x43, 1, 0x64, 0x00, 0x28, 0xff];
    expect(codecsOf(Uint8Array.from(avcC))).toBe('avc1.640028');
    expect(codecsOf(new Uint8Array(20))).toBe('');
  });

  it('has the codec of its sound there, too, if players know it', () => {
    const video = { id: 1, handler: 'vide', timescale: 90_000, entry: 'avc1' } as const;
    const sound = (entry: string) => initSegment(video, { id: 2, handler: 'soun', timescale: 48_000, entry });
    expect(withSound('avc1.640028', sound('mp4a'))).toBe('avc1.640028,mp4a.40.2');
    expect(withSound('avc1.640028', sound('Opus'))).toBe('avc1.640028,opus');
    expect(withSound('avc1.640028', sound('alaw'))).toBe('avc1.640028');
    expect(withSound('avc1.640028', initSegment(video))).toBe('avc1.640028');
    expect(withSound('', sound('mp4a'))).toBe('');
  });
});
