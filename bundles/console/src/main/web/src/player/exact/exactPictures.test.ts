// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Fragment, Segment } from '../../api/types';
import { ArchiveCatalog, type ArchiveSource } from '../archive/catalog';
import type { DecoderLine, Decoding } from './decoderLine';
import { type Exact, ExactPictures } from './exactPictures';
import type { GroupHost } from './groupDecoder';
import type { JobHead, JobPart, PictureTime } from './messages';

const FRAME_MS = 40;
const FRAMES = 10;
const GROUP_MS = FRAME_MS * FRAMES;
const START_MS = 1_700_000_000_000;
const BYTES = 100;

/** Footage in segments of groups of ten pictures, each group in two fragments; bytes say which fragments were asked for. */
class Archive implements ArchiveSource {
  readonly asked: string[] = [];
  private readonly segmentsThere: Segment[];

  /** @param stretches where segments begin, and of how many groups they are; the last one may still grow */
  constructor(
    private readonly stretches: [number, number][],
    public open = false,
    private readonly codecs = 'avc1.640028,mp4a.40.2',
  ) {
    this.segmentsThere = stretches.map(([startMs, groups], n) => ({
      id: `s${n}`,
      start: '',
      end: '',
      startMs,
      durationMs: groups * GROUP_MS,
      codecs,
      initId: 'i',
      bytes: 1,
      width: 64,
      height: 36,
      hasAudio: true,
      open: open && n === stretches.length - 1,
      runId: `r${n}`,
      sequence: 0,
    }));
  }

  /** Has each of them be a part of another file or the same: its number, from when to when. */
  cut(parts: [number, number, number][]): this {
    const files = [...this.segmentsThere];
    this.segmentsThere.length = 0;
    for (const [n, fromMs, toMs] of parts) {
      const part = { ...(files[n] as Segment), startMs: START_MS + fromMs, durationMs: toMs - fromMs };
      this.segmentsThere.push(part);
    }
    return this;
  }

  grow(groups: number): void {
    const last = this.stretches.at(-1);
    const segment = this.segmentsThere.at(-1);
    if (last && segment) {
      last[1] += groups;
      segment.durationMs = last[1] * GROUP_MS;
    }
  }

  async segments(from: number, to: number, limit: number): Promise<Segment[]> {
    return this.segmentsThere
      .filter(({ startMs, durationMs }) => startMs < to && startMs + durationMs > from)
      .slice(0, limit)
      .map((one) => ({ ...one }));
  }

  async index(segmentId: string) {
    const n = Number(segmentId.slice(1));
    const [startMs, groups] = this.stretches[n] as [number, number];
    const fragments: Fragment[] = Array.from({ length: groups * 2 }, (_, at) => ({
      startMs: startMs + (at * GROUP_MS) / 2,
      durationMs: GROUP_MS / 2,
      offset: 50 + at * BYTES,
      length: BYTES,
      key: at % 2 === 0,
      frames: FRAMES / 2,
    }));
    const open = this.segmentsThere[n]?.open ?? false;
    return { segmentId, initId: 'i', codecs: this.codecs, startMs, open, fragments };
  }

  async init() {
    return new Uint8Array(1);
  }

  async bytes(segmentId: string, offset: number, length: number, signal: AbortSignal) {
    signal.throwIfAborted();
    this.asked.push(`${segmentId} ${(offset - 50) / BYTES}+${length / BYTES}`);
    return new Uint8Array(length);
  }
}

/** Decodes each fragment it gets into its pictures, one a turn; what it lends is counted until it is closed. */
class Line implements DecoderLine {
  readonly open = new Set<number>();
  begun = 0;
  stopped = 0;
  openMax = 0;
  /** Breaks so many groups. */
  breaks = 0;
  refuses = false;
  isClosed = false;
  measured = 0;
  pixelsPerSecond = Number.POSITIVE_INFINITY;

  constructor(private readonly room: number) {}

  begin({ keyOnly }: JobHead, host: GroupHost): Decoding {
    this.begun++;
    let on = true;
    let turn = Promise.resolve();
    const breaks = this.breaks > 0;
    this.breaks -= breaks ? 1 : 0;
    const decode = async ({ startsMs, last }: JobPart) => {
      const times: PictureTime[] = startsMs.flatMap((startMs) =>
        Array.from({ length: FRAMES / 2 }, (_one, n) => ({
          utcMs: startMs + n * FRAME_MS,
          durationMs: FRAME_MS,
        })),
      );
      if (on && (this.refuses || breaks)) {
        on = false;
        host.failed(this.refuses ? 'codec' : 'decoder', 'broken');
      }
      if (on) {
        host.times(times);
      }
      for (const { utcMs } of times) {
        await Promise.resolve();
        if (on) {
          const key = this.begun * 1e14 + utcMs;
          this.open.add(key);
          this.openMax = Math.max(this.openMax, this.open.size);
          const image = { close: () => this.open.delete(key) } as unknown as ImageBitmap;
          host.picture(utcMs, { image, width: 64, height: 36, bytes: 1 });
        }
        if (keyOnly) {
          break;
        }
      }
      if (on && last) {
        on = false;
        host.done(10);
      }
    };
    return {
      part: (part) => {
        turn = turn.then(() => decode(part));
      },
      stop: () => {
        this.stopped += on ? 1 : 0;
        on = false;
      },
    };
  }

  bytesMax(): number {
    return this.room;
  }

  decoded(): void {
    this.measured++;
  }

  canDecode(pixelsPerSecond: number): boolean {
    return pixelsPerSecond <= this.pixelsPerSecond;
  }

  close(): void {
    this.isClosed = true;
  }
}

const always = () => true;

function scene(archive: Archive, room = 60) {
  const line = new Line(room);
  const catalog = new ArchiveCatalog(archive, () => START_MS + 3_600_000);
  const exact = new ExactPictures(archive, catalog, undefined, () => line);
  return { exact, line };
}

/** All that can go on without anything from outside has gone on. */
const settled = async () => {
  for (let n = 0; n < 500; n++) {
    await Promise.resolve();
  }
};

const shown = (found: Exact | object | undefined) =>
  found && 'still' in found ? (found as Exact).utcMs - START_MS : found;

describe('where one stream goes over into another', () => {
  const there = () =>
    new Archive([
      [START_MS, 5],
      [START_MS + 820, 1],
    ]).cut([
      [0, 0, 820],
      [1, 820, 1_220],
      [0, 1_220, 2_000],
    ]);
  const passed = [760, 800, 820, 860, 900, 940, 980, 1_020, 1_060, 1_100, 1_140, 1_180, 1_240, 1_280];

  it('steps from picture to picture, forwards and back', async () => {
    const { exact } = scene(there());
    for (const direction of [1, -1]) {
      const pictures = direction > 0 ? passed : [...passed].reverse();
      const seen = [pictures[0] as number];
      while (seen.length < pictures.length) {
        const from = START_MS + (seen.at(-1) as number);
        seen.push(shown(await exact.beside(from, direction, always)) as number);
      }
      expect(seen).toEqual(pictures);
    }
  });

  it('goes backwards by moments, and stands at none', async () => {
    const { exact } = scene(there());
    const seen = [1_280];
    while (seen.length < passed.length) {
      const before = START_MS + (seen.at(-1) as number) - 0.1;
      seen.push(shown(await exact.at(before, 'backward', -1, always)) as number);
    }
    expect(seen).toEqual([...passed].reverse());
    expect(shown(await exact.at(START_MS + 1_230, 'none', 0, always)), 'no picture yet').toBe(1_180);
  });
});

describe('a moment', () => {
  it('has the last picture at or before it', async () => {
    const { exact } = scene(new Archive([[START_MS, 5]]));
    for (const [at, picture] of [
      [0, 0],
      [39, 0],
      [40, 40],
      [1_215, 1_200],
      [1_199.99, 1_200],
    ] as const) {
      expect(shown(await exact.at(START_MS + at, 'none', 0, always))).toBe(picture);
    }
  });

  it('is there before the rest of its group, which then comes too', async () => {
    const archive = new Archive([[START_MS, 5]]);
    const { exact, line } = scene(archive);
    expect(shown(await exact.at(START_MS + 450, 'none', 0, always))).toBe(440);
    expect(line.open.size).toBeLessThan(FRAMES);
    await settled();
    expect(line.open.size).toBe(FRAMES);
    // Its group and no other, and nothing twice.
    expect(archive.asked).toEqual(['s0 2+2']);
    expect(exact.has(START_MS + 790)).toBe(true);
    expect(exact.has(START_MS + 810)).toBe(false);
    expect(shown(await exact.at(START_MS + 790, 'none', 0, always))).toBe(760);
    expect(archive.asked).toHaveLength(1);
  });

  it('in a gap has none, or the next, or the one before, as it is asked for', async () => {
    const second = START_MS + 60_000;
    const { exact } = scene(
      new Archive([
        [START_MS, 5],
        [second, 5],
      ]),
    );
    const moment = START_MS + 30_000;
    expect(await exact.at(moment, 'none', 0, always)).toEqual({ fromMs: START_MS + 2_000, toMs: second });
    expect(shown(await exact.at(moment, 'forward', 0, always))).toBe(60_000);
    expect(shown(await exact.at(moment, 'backward', 0, always))).toBe(1_960);
  });

  it('that is wanted no more is not waited for, and what was decoded for it ends', async () => {
    const { exact, line } = scene(new Archive([[START_MS, 5]]));
    let wanted = true;
    const first = exact.at(START_MS + 100, 'none', 0, () => wanted);
    for (let n = 0; n < 12; n++) {
      await Promise.resolve();
    }
    wanted = false;
    expect(shown(await exact.at(START_MS + 1_700, 'none', 0, always))).toBe(1_680);
    expect(await first).toBeUndefined();
    await settled();
    expect(line.begun).toBeGreaterThan(0);
    expect(exact.has(START_MS + 1_700)).toBe(true);
  });
});

describe('from picture to picture', () => {
  it('it goes over the borders of fragments, groups and gaps, and back to the very same', async () => {
    const { exact } = scene(
      new Archive([
        [START_MS, 2],
        [START_MS + 60_000, 2],
      ]),
    );
    let at = START_MS + 360;
    const there: unknown[] = [];
    for (let n = 0; n < 13; n++) {
      const next = await exact.beside(at, 1, always);
      at = next?.utcMs ?? 0;
      there.push(shown(next));
    }
    expect(there).toEqual([400, 440, 480, 520, 560, 600, 640, 680, 720, 760, 60_000, 60_040, 60_080]);
    const back: unknown[] = [];
    for (let n = 0; n < 13; n++) {
      const next = await exact.beside(at, -1, always);
      at = next?.utcMs ?? 0;
      back.push(shown(next));
    }
    expect(back).toEqual([...there.slice(0, -1).reverse(), 360]);
  });

  it('it goes several at once', async () => {
    const { exact } = scene(new Archive([[START_MS, 5]]));
    expect(shown(await exact.beside(START_MS + 80, 25, always))).toBe(1_080);
    expect(shown(await exact.beside(START_MS + 1_080, -25, always))).toBe(80);
  });

  it('what comes next is decoded before it is asked for', async () => {
    const { exact, line } = scene(new Archive([[START_MS, 5]]));
    await exact.beside(START_MS + 880, -1, always);
    await settled();
    // In the first half of its group: the one before is there.
    expect(exact.has(START_MS + 790)).toBe(true);
    const { begun } = line;
    for (let at = 840; at > 640; at -= 40) {
      expect(shown(await exact.beside(START_MS + at, -1, always))).toBe(at - 40);
    }
    expect(line.begun).toBe(begun);
  });

  it('it stays at the oldest and the newest picture, and goes on once more is recorded', async () => {
    const archive = new Archive([[START_MS, 1]], true);
    const { exact } = scene(archive);
    expect(shown(await exact.beside(START_MS, -1, always))).toBe(0);
    expect(shown(await exact.beside(START_MS + 360, 1, always))).toBe(360);
    archive.grow(1);
    expect(shown(await exact.beside(START_MS + 360, 1, always))).toBe(400);
  });
});

describe('backwards', () => {
  it('each group is decoded while the one behind it is shown, once, in the room there is', async () => {
    const { exact, line } = scene(new Archive([[START_MS, 8]]), 2 * FRAMES);
    await exact.at(START_MS + 3_190, 'none', 0, always);
    await settled();
    const { begun } = line;
    for (let at = 3_190; at >= 0; at -= FRAME_MS) {
      expect(shown(await exact.at(START_MS + at, 'backward', -1, always))).toBe(at - 30);
      await settled();
      expect(line.open.size).toBeLessThanOrEqual(2 * FRAMES);
    }
    expect(line.begun - begun).toBe(7);
    exact.close();
    expect(line.open.size).toBe(0);
    expect(line.isClosed).toBe(true);
  });
});

describe('run through fast', () => {
  it('goes from key frame to key frame where more cannot be decoded', async () => {
    const archive = new Archive([[START_MS, 5]]);
    const { exact, line } = scene(archive);
    await exact.at(START_MS + 100, 'none', 0, always);
    await settled();
    expect(line.measured).toBe(1);
    // 64 by 36 pixels, 25 pictures a second.
    line.pixelsPerSecond = 64 * 36 * 25 * 8;
    expect([-16, -8, -2, 4, 8, 16].map((rate) => exact.skims(rate))).toEqual([
      true,
      false,
      false,
      false,
      false,
      true,
    ]);
    line.pixelsPerSecond = 1;
    expect([-4, -2, 4, 8].map((rate) => exact.skims(rate))).toEqual([true, false, false, true]);
  });

  it('has the last key frame at or before a moment, of whose group nothing else is fetched or decoded', async () => {
    const archive = new Archive([[START_MS, 5]]);
    const { exact, line } = scene(archive);
    for (const [at, key] of [
      [130, 0],
      [390, 0],
      [1_100, 800],
      [1_990, 1_600],
    ] as const) {
      const found = await exact.keyAt(START_MS + at, 'forward', 1, always);
      expect(shown(found)).toBe(key);
      expect(found).toMatchObject({ durationMs: GROUP_MS });
      await settled();
    }
    expect(archive.asked).toEqual(['s0 0+1', 's0 4+1', 's0 8+1']);
    expect(line.open.size).toBe(3);
    // Standing still there, the other pictures of the group come too.
    expect(shown(await exact.beside(START_MS + 1_600, 1, always))).toBe(1_640);
  });

  it('has the next one behind a gap, or says where the gap is', async () => {
    const { exact } = scene(
      new Archive([
        [START_MS, 1],
        [START_MS + 60_000, 1],
      ]),
    );
    expect(shown(await exact.keyAt(START_MS + 30_000, 'forward', 1, always))).toBe(60_000);
    expect(await exact.keyAt(START_MS + 30_000, 'none', 1, always)).toEqual({
      fromMs: START_MS + 400,
      toMs: START_MS + 60_000,
    });
  });
});

describe('memory', () => {
  it('is bounded where a group does not fit, and every picture is found all the same', async () => {
    const { exact, line } = scene(new Archive([[START_MS, 3]]), 4);
    for (const at of [0, 1_160, 600, 400, 760, 40]) {
      expect(shown(await exact.at(START_MS + at, 'none', 0, always))).toBe(at);
      await settled();
      // One more only while it is decided which one goes.
      expect(line.openMax).toBeLessThanOrEqual(5);
    }
    for (let at = 0; at < 1_160; at += FRAME_MS) {
      expect(shown(await exact.beside(START_MS + at, 1, always))).toBe(at + FRAME_MS);
    }
    expect(line.openMax).toBeLessThanOrEqual(5);
  });
});

describe('where it cannot be done', () => {
  it('a decoder that broke once is tried again, and nothing is said', async () => {
    const { exact, line } = scene(new Archive([[START_MS, 2]]));
    line.breaks = 1;
    expect(shown(await exact.at(START_MS + 100, 'none', 0, always))).toBe(80);
    expect(exact.why()).toBeUndefined();
  });

  it('a decoder that breaks again is given up for this footage, and it is said why', async () => {
    const { exact, line } = scene(new Archive([[START_MS, 2]]));
    line.breaks = 2;
    expect(await exact.at(START_MS + 100, 'none', 0, always)).toBeUndefined();
    expect(exact.why()).toBe('decoder');
    const { begun } = line;
    expect(await exact.at(START_MS + 500, 'none', 0, always)).toBeUndefined();
    expect(line.begun).toBe(begun);
  });

  it('a codec that is not known is asked for once', async () => {
    const { exact, line } = scene(new Archive([[START_MS, 2]], false, 'hvc1.1.6.L120.90'));
    line.refuses = true;
    expect(await exact.at(START_MS + 100, 'none', 0, always)).toBeUndefined();
    expect(await exact.beside(START_MS + 100, 1, always)).toBeUndefined();
    expect(exact.why()).toBe('codec');
    expect(line.begun).toBe(1);
  });

  it('footage that cannot be read is left to the video, and nothing is said of the decoder', async () => {
    const archive = new Archive([[START_MS, 2]]);
    archive.bytes = () => Promise.reject(new TypeError('Failed to fetch'));
    const { exact } = scene(archive);
    expect(await exact.at(START_MS + 100, 'none', 0, always)).toBeUndefined();
    expect(exact.why()).toBeUndefined();
  });

  it('nothing is asked once it is closed', async () => {
    const { exact, line } = scene(new Archive([[START_MS, 2]]));
    const asked = exact.at(START_MS + 100, 'none', 0, always);
    exact.close();
    expect(await asked).toBeUndefined();
    await settled();
    expect(line.open.size).toBe(0);
    expect(exact.usable()).toBe(false);
  });
});
