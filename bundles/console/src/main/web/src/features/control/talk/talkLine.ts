// SPDX-License-Identifier: Apache-2.0
import type { TalkFormat } from '../../../api/control';
import captureUrl from './capture.worklet.ts?worker&url';
import { aLaw, Downsampler, muLaw } from './g711';

export type TalkPhase = 'idle' | 'connecting' | 'talking';

/** Why a line is closed or was never opened; `detail` is the server's own sentence. */
export interface TalkEnd {
  reason: 'microphone' | 'insecure' | 'taken' | 'camera' | 'forbidden' | 'lost' | 'done';
  detail?: string;
}

export interface TalkEvents {
  onTalking(): void;
  /** @param level of the sound, 0..1, some times a second */
  onLevel(level: number): void;
  onEnd(end: TalkEnd): void;
}

const ENCODERS: Record<string, (sample: number) => number> = { pcmu: muLaw, pcma: aLaw };
/** 20 ms, as telephones have it. */
const FRAME_MS = 20;
const NORMAL_CLOSURE = 1000;

const REASON: Record<number, TalkEnd['reason']> = {
  4401: 'forbidden',
  4403: 'forbidden',
  4422: 'camera',
  4423: 'taken',
};

/** The first format that a browser can make without a codec of its own. */
export function speakable(formats: readonly TalkFormat[]): TalkFormat | undefined {
  return formats.find(({ codec, channels }) => codec in ENCODERS && channels === 1);
}

/** The microphone on its way to a camera; ends with {@link TalkLine.close}, or tells why it ended. */
export class TalkLine {
  private socket: WebSocket | undefined;
  private context: AudioContext | undefined;
  private microphone: MediaStream | undefined;
  private ended = false;

  private constructor(private readonly events: TalkEvents) {}

  static open(cameraId: string, format: TalkFormat, events: TalkEvents): TalkLine {
    const line = new TalkLine(events);
    void line.begin(cameraId, format);
    return line;
  }

  close(): void {
    this.end({ reason: 'done' });
  }

  private async begin(cameraId: string, format: TalkFormat): Promise<void> {
    // Absent over plain http to another machine: a microphone is for secure pages only.
    if (!navigator.mediaDevices?.getUserMedia) {
      this.end({ reason: 'insecure' });
      return;
    }
    try {
      const microphone = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
      });
      this.microphone = microphone;
      const context = new AudioContext();
      this.context = context;
      await context.audioWorklet.addModule(captureUrl);
      if (this.ended) {
        this.free();
        return;
      }
      this.connect(cameraId, format, context, microphone);
    } catch (error) {
      // Whoever hung up before the microphone was given has ended already.
      this.free();
      this.end({ reason: 'microphone', detail: error instanceof Error ? error.message : String(error) });
    }
  }

  private connect(
    cameraId: string,
    format: TalkFormat,
    context: AudioContext,
    microphone: MediaStream,
  ): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const query = `codec=${format.codec}&sampleRateHz=${format.sampleRateHz}&channels=1`;
    const socket = new WebSocket(
      `${scheme}://${location.host}/ws/v1/talk/${encodeURIComponent(cameraId)}?${query}`,
    );
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      if (!this.ended && typeof data === 'string' && isTalking(data)) {
        this.events.onTalking();
        this.send(socket, format, context, microphone);
      }
    });
    socket.addEventListener('close', ({ code, reason }) =>
      this.end({ reason: REASON[code] ?? 'lost', detail: reason || undefined }),
    );
  }

  private send(socket: WebSocket, format: TalkFormat, context: AudioContext, microphone: MediaStream): void {
    const encode = ENCODERS[format.codec] ?? muLaw;
    const down = new Downsampler(context.sampleRate, format.sampleRateHz);
    const frameSamples = (format.sampleRateHz * FRAME_MS) / 1000;
    let waiting: number[] = [];
    const capture = new AudioWorkletNode(context, 'nxvms-capture', { numberOfOutputs: 0 });
    capture.port.addEventListener('message', ({ data }: MessageEvent<Float32Array>) => {
      waiting.push(...down.push(data));
      while (waiting.length >= frameSamples) {
        const frame = waiting.slice(0, frameSamples);
        waiting = waiting.slice(frameSamples);
        if (socket.readyState === WebSocket.OPEN) {
          socket.send(Uint8Array.from(frame, encode));
        }
        this.events.onLevel(Math.min(1, Math.max(...frame.map(Math.abs))));
      }
    });
    capture.port.start();
    context.createMediaStreamSource(microphone).connect(capture);
    void context.resume();
  }

  private end(how: TalkEnd): void {
    if (!this.ended) {
      this.ended = true;
      this.free();
      this.events.onEnd(how);
    }
  }

  private free(): void {
    for (const track of this.microphone?.getTracks() ?? []) {
      track.stop();
    }
    this.socket?.close(NORMAL_CLOSURE);
    void this.context?.close().catch(() => undefined);
  }
}

function isTalking(text: string): boolean {
  try {
    return (JSON.parse(text) as { type?: unknown }).type === 'talking';
  } catch {
    return false;
  }
}
