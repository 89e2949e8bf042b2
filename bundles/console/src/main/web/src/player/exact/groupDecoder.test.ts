// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { bytes, footage, fragment, initSegment, type TestPicture, traf } from '../../../test/mp4';
import { type Codecs, GroupDecoder } from './groupDecoder';
import type { JobHead, PictureTime, Still } from './messages';

const VIDEO = { id: 1, handler: 'vide', timescale: 1_000, entry: 'avc1' } as const;
const START_MS = 1_700_000_000_000;

/** Takes access units, and gives pictures out when the test says so, in order of presentation, as decoders do. */
class FakeDecoder extends EventTarget {
  static all: FakeDecoder[] = [];
  state: CodecState = 'unconfigured';
  decodeQueueSize = 0;
  configs: VideoDecoderConfig[] = [];
  readonly taken: { type: string; timestamp: number; first: number }[] = [];
  flushing: (() => void) | undefined;
  private readonly held: number[] = [];

  constructor(private readonly to: VideoDecoderInit) {
    super();
    FakeDecoder.all.push(this);
  }

  configure(config: VideoDecoderConfig): void {
    this.state = 'configured';
    this.configs.push(config);
  }

  decode(chunk: EncodedVideoChunkInit): void {
    this.taken.push({
      type: chunk.type,
      timestamp: chunk.timestamp,
      first: (chunk.data as Uint8Array)[0] ?? -1,
    });
    this.held.push(chunk.timestamp);
    this.decodeQueueSize++;
  }

  /** Works off what has come; gives out all but the newest so many. */
  work(keep: number): void {
    this.decodeQueueSize = 0;
    this.held.sort((a, b) => a - b);
    for (const timestamp of this.held.splice(0, Math.max(0, this.held.length - keep))) {
      this.to.output(frame(timestamp));
    }
    this.dispatchEvent(new Event('dequeue'));
    if (keep === 0) {
      this.flushing?.();
    }
  }

  flush(): Promise<void> {
    return new Promise((done) => {
      this.flushing = done;
    });
  }

  reset(): void {
    this.state = 'unconfigured';
    this.held.length = 0;
    this.decodeQueueSize = 0;
  }

  close(): void {
    this.state = 'closed';
  }

  fail(message: string): void {
    this.state = 'closed';
    this.to.error(new DOMException(message, 'EncodingError'));
  }

  late(timestamp: number): void {
    this.to.output(frame(timestamp));
  }
}

const open = new Set<object>();

function frame(timestamp: number): VideoFrame {
  const made = {
    timestamp,
    displayWidth: 64,
    displayHeight: 36,
    codedWidth: 64,
    codedHeight: 48,
    format: 'I420',
    allocationSize: () => 3_456,
    close: () => open.delete(made),
  };
  open.add(made);
  return made as unknown as VideoFrame;
}

function scene(supported: (config: VideoDecoderConfig) => boolean = () => true) {
  FakeDecoder.all = [];
  open.clear();
  const bitmaps: (() => void)[] = [];
  const pauses: { ms: number; end: () => void }[] = [];
  let clock = 0;
  const codecs: Codecs = {
    decoder: (init) => new FakeDecoder(init) as unknown as VideoDecoder,
    supports: async (config) => supported(config),
    chunk: (init) => init as unknown as EncodedVideoChunk,
    bitmap: () =>
      new Promise((resolve) => {
        const bitmap = { width: 64, height: 36, close: () => open.delete(bitmap) };
        bitmaps.push(() => {
          open.add(bitmap);
          resolve(bitmap as unknown as ImageBitmap);
        });
      }),
    now: () => ++clock,
    pause: (ms) =>
      new Promise((resolve) => {
        pauses.push({ ms, end: resolve });
      }),
  };
  const told: string[] = [];
  const room = { pictures: 1 };
  const times: PictureTime[] = [];
  const stills: Still[] = [];
  const host = {
    times: (of: PictureTime[]) => times.push(...of),
    picture: (utcMs: number, still: Still) => {
      told.push(`picture ${utcMs - START_MS}`);
      stills.push(still);
    },
    done: () => told.push('done'),
    failed: (why: string, detail: string) => told.push(`failed ${why}: ${detail}`),
    hasRoom: () => room.pictures > 0,
  };
  return { decoder: new GroupDecoder(codecs), host, told, times, stills, bitmaps, pauses, room };
}

const head = (extra: Partial<JobHead> = {}): JobHead => ({
  initId: 'i',
  init: initSegment(VIDEO),
  codec: 'avc1.640028',
  keyOnly: false,
  ...extra,
});

/** Pictures of 40 ms; the first is a key frame. */
const plain = (count: number, key = true): TestPicture[] =>
  Array.from({ length: count }, (_, n) => ({ duration: 40, size: 2, content: n + 1, key: key && n === 0 }));

const part = (dts: number, pictures: TestPicture[], startMs: number, last: boolean) => ({
  bytes: bytes(footage(1, dts, pictures)),
  startsMs: [startMs],
  last,
});

/** All that can go on without anything from outside has gone on. */
const settled = async () => {
  for (let n = 0; n < 200; n++) {
    await Promise.resolve();
  }
};

const newest = () => FakeDecoder.all.at(-1) as FakeDecoder;

describe('a group of pictures', () => {
  it('is decoded from its key frame on, over its parts, and each picture is told with its moment', async () => {
    const { decoder, host, told, times } = scene();
    decoder.begin(head(), host);
    decoder.part(part(0, plain(3), START_MS, false));
    await settled();
    newest().work(1);
    expect(told).toEqual(['picture 0', 'picture 40']);
    // The wall clock of the next fragment has drifted by 3 ms: the index is what counts.
    decoder.part(part(120, plain(2, false), START_MS + 123, true));
    await settled();
    newest().work(0);
    await settled();
    expect(told).toEqual(['picture 0', 'picture 40', 'picture 80', 'picture 123', 'picture 163', 'done']);
    expect(times.map(({ utcMs }) => utcMs - START_MS)).toEqual([0, 40, 80, 123, 163]);
    expect(newest().taken.map(({ type }) => type)).toEqual(['key', 'delta', 'delta', 'delta', 'delta']);
    expect(newest().taken.map(({ first }) => first)).toEqual([1, 2, 3, 1, 2]);
  });

  it('is decoded as long as there is room for its pictures, and on when there is again', async () => {
    const { decoder, host, told, room } = scene();
    decoder.begin(head(), host);
    decoder.part(part(0, plain(20), START_MS, true));
    await settled();
    const before = newest().taken.length;
    room.pictures = 0;
    newest().work(1);
    await settled();
    expect(newest().taken).toHaveLength(before);
    decoder.goOn();
    await settled();
    expect(newest().taken).toHaveLength(before);
    room.pictures = 1;
    decoder.goOn();
    for (let n = 0; n < 4 && told.at(-1) !== 'done'; n++) {
      await settled();
      newest().work(0);
      await settled();
    }
    expect(newest().taken).toHaveLength(20);
    expect(told).toHaveLength(21);
  });

  it('is decoded without room up to the picture that is waited for', async () => {
    const { decoder, host, room } = scene();
    room.pictures = 0;
    decoder.begin(head({ wantedMs: START_MS + 80 }), host);
    decoder.part(part(0, plain(3), START_MS, true));
    await settled();
    expect(newest().taken).toHaveLength(3);
  });

  it('whose fragment begins with sound is told by what the index tells of that', async () => {
    const { decoder, host, times } = scene();
    decoder.begin(
      head({ init: initSegment(VIDEO, { id: 2, handler: 'soun', timescale: 8_000, entry: 'ulaw' }) }),
      host,
    );
    const sound = [{ duration: 160, size: 1 }];
    const picture = [{ duration: 2_000, size: 1 }];
    decoder.part({
      bytes: bytes(fragment(traf(1, 2_000, picture, 190), traf(2, 11_200, sound, 184))),
      startsMs: [START_MS],
      last: true,
    });
    await settled();
    expect(times.map(({ utcMs }) => utcMs - START_MS)).toEqual([600]);
  });

  it('with B-frames is fed in order of decoding and told in order of presentation', async () => {
    const { decoder, host, told, times } = scene();
    decoder.begin(head(), host);
    decoder.part(
      part(
        0,
        [
          { duration: 40, size: 1, content: 0, key: true, composition: 40 },
          { duration: 40, size: 1, content: 1, composition: 120 },
          { duration: 40, size: 1, content: 2, composition: 0 },
          { duration: 40, size: 1, content: 3, composition: 0 },
        ],
        START_MS,
        true,
      ),
    );
    await settled();
    newest().work(0);
    await settled();
    expect(newest().taken.map(({ first }) => first)).toEqual([0, 1, 2, 3]);
    // The moment of the fragment is that of the first picture in order of decoding.
    expect(told).toEqual(['picture 0', 'picture 40', 'picture 80', 'picture 120', 'done']);
    expect(times.map(({ utcMs }) => utcMs - START_MS)).toEqual([0, 40, 80, 120]);
  });

  it('is fed no faster than it is decoded', async () => {
    const { decoder, host } = scene();
    decoder.begin(head(), host);
    decoder.part(part(0, plain(40), START_MS, true));
    await settled();
    expect(newest().taken).toHaveLength(8);
    newest().work(2);
    await settled();
    expect(newest().taken).toHaveLength(16);
  });

  it('rests once the picture that is waited for is there, and then goes on', async () => {
    const { decoder, host, told, pauses } = scene();
    decoder.begin(head({ wantedMs: START_MS + 79.9 }), host);
    decoder.part(part(0, plain(20), START_MS, true));
    await settled();
    expect(newest().taken).toHaveLength(8);
    // Not yet given out: more is fed, without a rest.
    newest().work(6);
    await settled();
    expect(told).toEqual(['picture 0', 'picture 40']);
    expect(pauses).toEqual([]);
    newest().work(4);
    await settled();
    const { length } = newest().taken;
    expect(pauses).toHaveLength(1);
    newest().work(4);
    await settled();
    expect(newest().taken).toHaveLength(length);
    pauses[0]?.end();
    for (let n = 0; n < 3; n++) {
      await settled();
      newest().work(0);
    }
    await settled();
    expect(newest().taken).toHaveLength(20);
    expect(told.at(-1)).toBe('done');
    expect(pauses).toHaveLength(1);
  });

  it('that is wanted no more ends at once, and what comes of it late is closed', async () => {
    const { decoder, host, told } = scene();
    decoder.begin(head(), host);
    decoder.part(part(0, plain(40), START_MS, true));
    await settled();
    const late = newest().taken[3]?.timestamp ?? 0;
    decoder.begin(head(), host);
    newest().late(late);
    expect(told).toEqual([]);
    expect(open.size).toBe(0);
    decoder.part(part(40_000, plain(2), START_MS + 40_000, true));
    await settled();
    newest().work(0);
    await settled();
    expect(told).toEqual(['picture 40000', 'picture 40040', 'done']);
    expect(FakeDecoder.all).toHaveLength(1);
  });

  it('may be its key frame alone', async () => {
    const { decoder, host, told } = scene();
    decoder.begin(head({ keyOnly: true }), host);
    decoder.part(part(0, plain(10), START_MS, true));
    await settled();
    newest().work(0);
    await settled();
    expect(told).toEqual(['picture 0', 'done']);
    expect(newest().taken).toHaveLength(1);
  });

  it('follows another without the decoder being made or set anew', async () => {
    const { decoder, host, told } = scene();
    for (const at of [0, 2_000]) {
      decoder.begin(head(), host);
      decoder.part(part(at, plain(1), START_MS + at, true));
      await settled();
      newest().work(0);
      await settled();
    }
    expect(told).toEqual(['picture 0', 'done', 'picture 2000', 'done']);
    expect(FakeDecoder.all).toHaveLength(1);
    expect(newest().configs).toHaveLength(1);
    decoder.begin(head({ initId: 'other' }), host);
    decoder.part(part(0, plain(1), START_MS, true));
    await settled();
    expect(newest().configs).toHaveLength(2);
  });
});

describe('a decoder', () => {
  it('is asked for on the processor, whose pictures may be kept', async () => {
    const { decoder, host, stills } = scene();
    decoder.begin(head(), host);
    decoder.part(part(0, plain(1), START_MS, true));
    await settled();
    newest().work(0);
    await settled();
    expect(newest().configs[0]).toMatchObject({
      hardwareAcceleration: 'prefer-software',
      codec: 'avc1.640028',
    });
    expect(stills[0]).toMatchObject({ width: 64, height: 36, bytes: 3_456 });
    expect(open.size).toBe(1);
  });

  it('that lends its pictures gets them back at once, and the end waits for the copies', async () => {
    const { decoder, host, told, stills, bitmaps } = scene(
      ({ hardwareAcceleration }) => hardwareAcceleration === 'no-preference',
    );
    decoder.begin(head(), host);
    decoder.part(part(0, plain(2), START_MS, true));
    await settled();
    newest().work(0);
    await settled();
    expect(told).toEqual([]);
    bitmaps[0]?.();
    bitmaps[1]?.();
    await settled();
    expect(told).toEqual(['picture 0', 'picture 40', 'done']);
    expect(stills[0]?.bytes).toBe(64 * 36 * 4);
    // The copies are open, what they were made of is not.
    expect(open.size).toBe(2);
  });

  it('for a codec that the browser does not have is not made', async () => {
    const { decoder, host, told } = scene(() => false);
    decoder.begin(head({ codec: 'hvc1.1.6.L120.90' }), host);
    decoder.part(part(0, plain(1), START_MS, true));
    await settled();
    expect(told).toEqual(['failed codec: hvc1.1.6.L120.90']);
    expect(FakeDecoder.all).toHaveLength(0);
  });

  it('that breaks is told, and the next group has another', async () => {
    const { decoder, host, told } = scene();
    decoder.begin(head(), host);
    decoder.part(part(0, plain(40), START_MS, true));
    await settled();
    newest().fail('taken back');
    await settled();
    expect(told).toEqual(['failed decoder: taken back']);
    decoder.begin(head(), host);
    decoder.part(part(0, plain(1), START_MS, true));
    await settled();
    newest().work(0);
    await settled();
    expect(told.slice(1)).toEqual(['picture 0', 'done']);
    expect(FakeDecoder.all).toHaveLength(2);
  });

  it('is not asked with bytes that are no fragment', async () => {
    const { decoder, host, told } = scene();
    decoder.begin(head({ init: new Uint8Array(8) }), host);
    decoder.part(part(0, plain(1), START_MS, true));
    await settled();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^failed decoder: /);
  });
});
