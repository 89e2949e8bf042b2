// SPDX-License-Identifier: Apache-2.0
import { request } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { serverClock } from '../../api/serverClock';
import type { StreamName } from '../../api/types';
import { RateMeter } from '../mse/rateMeter';
import { createVideo, releaseVideo, watchPictures } from '../mse/video';
import { PictureAge } from './pictureAge';
import type { Session, SessionEvents, SessionStats } from './session';
import { iceServersOf } from './whep';

/** From the offer to the first picture: checks, keys and a group of pictures take a fifth of a second. */
const LOOK_MS = 250;
/** Looks, not time: where the machine stands still, it is not the network that lets nothing through. */
const LOOKS_MAX = 32;
const STATS_MS = 1_000;
/** Longer than a report waits to be looked at. */
const PICTURES_MS = 2 * STATS_MS;

/** Pictures by WebRTC: WHEP, then SRTP by UDP or TCP. */
export class RtcSession implements Session {
  readonly way = 'webrtc';
  readonly video = createVideo();
  private readonly connection: RTCPeerConnection | undefined;
  private readonly aborted = new AbortController();
  private readonly pictureMeter = new RateMeter();
  private leavePictures: () => void = () => undefined;
  private readonly timers: ReturnType<typeof setInterval>[] = [];
  private location: string | undefined;
  private ended = false;
  private begun = false;
  private looks = 0;
  private presentedFrames = 0;
  private bytes = 0;
  private kilobitsPerSecond = 0;
  private dropped = 0;
  private readonly age = new PictureAge(PICTURES_MS);
  private latency: number | undefined;
  private codec: string | undefined;
  private heard: boolean | undefined;

  constructor(
    private readonly cameraId: string,
    readonly stream: StreamName,
    private readonly events: SessionEvents,
    private readonly sound = false,
  ) {
    if (typeof RTCPeerConnection === 'undefined') {
      queueMicrotask(() => this.block('browser'));
      return;
    }
    this.connection = new RTCPeerConnection();
    this.leavePictures = watchPictures(this.video, (metadata) => this.shown(metadata));
    this.timers.push(
      setInterval(() => !this.begun && ++this.looks > LOOKS_MAX && this.block('network'), LOOK_MS),
      setInterval(() => void this.measure().catch(() => undefined), STATS_MS),
    );
    this.begin(this.connection).catch((error) => this.refused(error));
  }

  private async begin(connection: RTCPeerConnection): Promise<void> {
    const { receiver } = connection.addTransceiver('video', { direction: 'recvonly' });
    const audio = this.sound ? connection.addTransceiver('audio', { direction: 'recvonly' }) : undefined;
    this.video.srcObject = new MediaStream(audio ? [receiver.track, audio.receiver.track] : [receiver.track]);
    connection.addEventListener('connectionstatechange', () =>
      this.connectionChanged(connection.connectionState),
    );
    const offer = await connection.createOffer();
    const answer = await request(
      `/api/v1/live/${encodeURIComponent(this.cameraId)}/whep?stream=${this.stream}`,
      {
        method: 'POST',
        text: offer.sdp ?? '',
        headers: { 'Content-Type': 'application/sdp', Accept: 'application/sdp, application/problem+json' },
        signal: this.aborted.signal,
      },
    );
    this.location = new URL(answer.headers.get('Location') ?? '', answer.url || location.href).pathname;
    const sdp = await answer.text();
    if (this.ended) {
      this.sayGoodbye();
      return;
    }
    this.events.opened();
    connection.setConfiguration({ iceServers: iceServersOf(answer.headers.get('Link')) });
    await connection.setLocalDescription(offer);
    await connection.setRemoteDescription({ type: 'answer', sdp });
    if (audio) {
      this.heard = audio.currentDirection === 'recvonly';
      if (!this.heard) {
        this.events.silent();
      }
    }
    if (this.ended) {
      return;
    }
    const { transport } = receiver;
    transport?.addEventListener('statechange', () => transport.state === 'closed' && this.lost());
    await this.video.play();
  }

  private refused(error: unknown): void {
    if (this.ended) {
      return;
    }
    if (!(error instanceof ApiProblem)) {
      this.block('network', error instanceof Error ? error.message : undefined);
    } else {
      // Also who may not watch: the socket says so for good, and a server without this part answers 404 too.
      this.block(error.status === 406 ? 'stream' : 'server', error.message);
    }
  }

  private connectionChanged(state: RTCPeerConnectionState): void {
    if (state === 'failed' || state === 'closed') {
      this.lost();
    }
  }

  /** The server, or the network, has ended it: why is told to who asks again. */
  private lost(): void {
    if (this.ended) {
      return;
    }
    if (!this.begun) {
      this.block('network');
      return;
    }
    this.end();
    this.events.closed(1006, '');
  }

  private block(why: 'browser' | 'network' | 'stream' | 'server', detail?: string): void {
    if (!this.ended) {
      this.end();
      this.events.blocked(why, detail);
    }
  }

  private shown(metadata: VideoFrameCallbackMetadata): boolean {
    this.begun = true;
    this.pictureMeter.add(metadata.presentedFrames - this.presentedFrames, performance.now());
    this.presentedFrames = metadata.presentedFrames;
    this.look(metadata);
    this.events.picture();
    return !this.age.isCertain(metadata.presentationTime + performance.timeOrigin);
  }

  private look({
    rtpTimestamp,
    receiveTime,
    presentationTime,
    presentedFrames,
  }: VideoFrameCallbackMetadata): void {
    if (rtpTimestamp === undefined || receiveTime === undefined) {
      return;
    }
    const { timeOrigin } = performance;
    const age = this.age.shown({
      rtpTimestamp,
      receivedMs: timeOrigin + receiveTime,
      presentedMs: timeOrigin + presentationTime,
      count: presentedFrames,
    });
    this.latency = age === undefined ? undefined : age + serverClock.offsetMs();
  }

  private async measure(): Promise<void> {
    const report = await this.connection?.getStats();
    report?.forEach((entry: Entry) => {
      if (entry.type === 'inbound-rtp' && entry.kind === 'video') {
        const received = entry.bytesReceived ?? 0;
        this.kilobitsPerSecond = ((received - this.bytes) * 8) / STATS_MS;
        this.bytes = received;
        this.dropped = entry.framesDropped ?? 0;
        this.codec ??= codecOf(report.get(entry.codecId ?? '') as { mimeType?: string } | undefined);
      } else if (entry.type === 'remote-outbound-rtp' && entry.kind === 'video' && entry.remoteTimestamp) {
        this.age.reported(entry.timestamp, entry.remoteTimestamp);
      }
    });
  }

  stats(): SessionStats {
    return {
      codec: this.codec,
      width: this.video.videoWidth,
      height: this.video.videoHeight,
      framesPerSecond: this.pictureMeter.perSecond(performance.now()),
      kilobitsPerSecond: this.kilobitsPerSecond,
      latencyMs: this.latency,
      droppedFrames: this.dropped,
      skippedUnits: 0,
      bufferedAheadMs: 0,
      sound: this.heard,
    };
  }

  private end(): void {
    this.ended = true;
    for (const timer of this.timers) {
      clearInterval(timer);
    }
    this.leavePictures();
    this.aborted.abort();
    this.video.pause();
    this.connection?.close();
    if (!this.begun) {
      this.sayGoodbye();
    }
  }

  /** The connection's own goodbye does not reach the server while no keys are agreed on. */
  private sayGoodbye(): void {
    if (this.location) {
      void request(this.location, { method: 'DELETE' }).catch(() => undefined);
      this.location = undefined;
    }
  }

  close(): void {
    if (!this.ended) {
      this.end();
    }
  }

  release(): void {
    this.close();
    releaseVideo(this.video);
  }
}

interface Entry {
  type: string;
  timestamp: number;
  kind?: string;
  codecId?: string;
  bytesReceived?: number;
  framesDropped?: number;
  remoteTimestamp?: number;
}

function codecOf(stats: { mimeType?: string } | undefined): string | undefined {
  return stats?.mimeType === 'video/H264' ? 'avc1' : undefined;
}
