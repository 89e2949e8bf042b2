// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Fragment, Segment } from '../../api/types';
import { ArchiveCatalog, type ArchiveSource } from './catalog';
import { aheadOf, fragmentAt, holeExit, keyAtOrBefore, nextBatch } from './feedPlan';
import { PictureMap } from './pictureMap';

const frag = (n: number, extra: Partial<Fragment> = {}): Fragment => ({
  startMs: 1000 * n,
  durationMs: 1000,
  offset: 100 + n * 500,
  length: 500,
  key: n % 2 === 0,
  frames: 25,
  ...extra,
});
const fragments = Array.from({ length: 10 }, (_, n) => frag(n));

describe('feed plan', () => {
  it('finds the fragment of a moment and the key before it', () => {
    expect(fragmentAt(fragments, 3_500)).toBe(3);
    expect(fragmentAt(fragments, 4_000)).toBe(4);
    expect(fragmentAt(fragments, -5)).toBe(0);
    expect(fragmentAt(fragments, 99_000)).toBe(9);
    expect(keyAtOrBefore(fragments, 3)).toBe(2);
    expect(keyAtOrBefore(fragments, 4)).toBe(4);
  });

  it('asks at first for no more than the user waits for', () => {
    expect(nextBatch(fragments, 2, 3)).toEqual({ first: 2, end: 4, offset: 1100, length: 1000 });
  });

  it('then asks for several seconds at once', () => {
    expect(nextBatch(fragments, 4)).toEqual({ first: 4, end: 10, offset: 2100, length: 3000 });
    expect(nextBatch(fragments, 10)).toBeUndefined();
  });

  it('does not span bytes that are not beside each other', () => {
    const torn = [frag(0), frag(1), frag(2, { offset: 9000 }), frag(3, { offset: 9500 })];
    expect(nextBatch(torn, 0)).toMatchObject({ first: 0, end: 2, length: 1000 });
    expect(nextBatch(torn, 0, 3)).toMatchObject({ first: 0, end: 2 });
  });

  it('takes a huge fragment alone', () => {
    const huge = [frag(0, { length: 5e6 }), frag(1, { offset: 100 + 5e6 })];
    expect(nextBatch(huge, 0)).toMatchObject({ first: 0, end: 1, length: 5e6 });
  });

  it('counts what is ahead without the holes and finds the way out of one', () => {
    const ranges = [
      { start: 0, end: 10 },
      { start: 300, end: 310 },
    ];
    expect(aheadOf(8, ranges)).toBe(12);
    expect(holeExit(5, ranges)).toBeUndefined();
    expect(holeExit(9.97, ranges)).toBe(300);
    expect(holeExit(50, ranges)).toBe(300);
    expect(holeExit(309.99, ranges)).toBeUndefined();
  });
});

describe('picture map', () => {
  const pictures = (from: number, count = 25) =>
    Array.from({ length: count }, (_, n) => ({ pts: from + n * 0.04, duration: 0.04 }));
  const map = () => {
    const made = new PictureMap();
    made.add(pictures(100), 100, 1_000_000);
    made.add(pictures(101), 101, 1_001_000);
    made.add(pictures(500), 500, 1_500_000);
    return made;
  };

  it('gives the last picture at or before a moment', () => {
    expect(map().pictureAt(1_000_079)).toMatchObject({ utcMs: expect.closeTo(1_000_040, 3) });
    expect(map().pictureAt(1_000_080)).toMatchObject({ utcMs: expect.closeTo(1_000_080, 3) });
    expect(map().pictureAt(999_999)).toBeUndefined();
  });

  it('knows nothing in a hole, but what was before it', () => {
    expect(map().pictureAt(1_300_000)).toBeUndefined();
    expect(map().lastBefore(1_300_000)).toMatchObject({ utcMs: expect.closeTo(1_001_960, 3) });
  });

  it('trusts the index where wall time and media time drift apart', () => {
    const drifted = new PictureMap();
    drifted.add(pictures(100), 100, 1_000_000);
    drifted.add(pictures(101), 101, 1_001_050);
    expect(drifted.pictureAt(1_001_060)?.mediaS).toBeCloseTo(101, 6);
    expect(drifted.utcOf(101.5)).toBeCloseTo(1_001_550, 3);
    // Between the two pieces the last picture of the first one is what was to be seen.
    expect(drifted.pictureAt(1_001_030)?.mediaS).toBeCloseTo(100.96, 6);
  });

  it('steps over the border of two fragments and back to the same picture', () => {
    const made = map();
    const forward = made.neighbour(100.96, 1);
    expect(forward?.mediaS).toBeCloseTo(101, 6);
    expect(made.neighbour(forward?.mediaS ?? 0, -1)?.mediaS).toBeCloseTo(100.96, 6);
    expect(made.neighbour(100.4, 30)?.mediaS).toBeCloseTo(101.6, 6);
  });

  it('does not step over a hole', () => {
    expect(map().neighbour(101.96, 1)).toBeUndefined();
    expect(map().neighbour(100, -1)).toBeUndefined();
  });

  it('replaces a fragment that is loaded again', () => {
    const made = map();
    made.add(pictures(100), 100, 1_000_000);
    expect(made.neighbour(100, 24)?.mediaS).toBeCloseTo(100.96, 6);
    expect(made.neighbour(100, 25)?.mediaS).toBeCloseTo(101, 6);
  });
});

describe('catalogue', () => {
  const segment = (n: number, startMs: number, extra: Partial<Segment> = {}): Segment => ({
    id: `s${n}`,
    start: '',
    end: '',
    startMs,
    durationMs: 60_000,
    codecs: 'avc1.640028',
    initId: 'i',
    bytes: 1,
    width: 1,
    height: 1,
    hasAudio: false,
    open: false,
    runId: 'r',
    sequence: n,
    ...extra,
  });
  const DAY = 86_400_000;
  const stored = [
    segment(0, 10 * DAY),
    segment(1, 10 * DAY + 60_000),
    segment(5, 10 * DAY + 600_000, { runId: 'q' }),
  ];

  function source(asked: string[] = []): ArchiveSource {
    return {
      segments: async (from, to, limit) => {
        asked.push(`${from}`);
        return stored.filter((s) => s.startMs < to && s.startMs + s.durationMs > from).slice(0, limit);
      },
      index: async (segmentId) => ({
        segmentId,
        initId: 'i',
        codecs: '',
        startMs: 0,
        open: false,
        fragments: [],
      }),
      init: async () => new Uint8Array(),
      bytes: async () => new Uint8Array(),
    };
  }

  it('finds the segment of a moment, and asks once', async () => {
    const asked: string[] = [];
    const catalog = new ArchiveCatalog(source(asked), () => 20 * DAY);
    expect(await catalog.find(10 * DAY + 70_000)).toMatchObject({ hit: true, segment: { id: 's1' } });
    await catalog.find(10 * DAY + 80_000);
    expect(asked).toHaveLength(1);
  });

  it('gives the next one in a gap, and the last one behind the end', async () => {
    const catalog = new ArchiveCatalog(source(), () => 20 * DAY);
    expect(await catalog.find(10 * DAY + 300_000)).toMatchObject({ hit: false, segment: { id: 's5' } });
    expect(await catalog.find(19 * DAY)).toMatchObject({ hit: false, segment: { id: 's5' } });
    expect(await catalog.before(10 * DAY + 300_000)).toMatchObject({ id: 's1' });
    expect(await catalog.before(10 * DAY - 1)).toBeUndefined();
  });

  it('plays parts of files one after the other, each in its own time', async () => {
    const file = (id: string, startMs: number, seconds: number, openFile = false) => ({
      ...segment(0, startMs, { id, durationMs: seconds * 1000, open: openFile }),
    });
    const parts = [file('sub', 0, 5), file('main', 5_000, 4), file('sub', 9_000, 11)];
    const asked: string[] = [];
    const catalog = new ArchiveCatalog(
      {
        ...source(),
        segments: async (from, to) => parts.filter((s) => s.startMs < to && s.startMs + s.durationMs > from),
        index: async (segmentId) => {
          asked.push(segmentId);
          const all = Array.from({ length: 20 }, (_, n) => frag(n));
          return {
            segmentId,
            initId: segmentId,
            codecs: '',
            startMs: segmentId === 'sub' ? 0 : 5_000,
            open: segmentId === 'sub',
            fragments: segmentId === 'sub' ? all : all.slice(5, 9),
          };
        },
      },
      () => 60_000,
    );
    const at = async (utcMs: number) => {
      const found = await catalog.find(utcMs);
      const index = found && (await catalog.index(found.segment));
      return `${found?.segment.id} ${index?.fragments[0]?.startMs}..${index?.fragments.at(-1)?.startMs} ${index?.open}`;
    };
    expect(await at(2_000)).toBe('sub 0..4000 false');
    expect(await at(6_000)).toBe('main 5000..8000 false');
    expect(await at(12_000), 'decoded from the key frame before it').toBe('sub 8000..19000 false');
    expect(asked, 'the same file, once for both parts').toEqual(['sub', 'main']);
    const first = (await catalog.find(2_000))?.segment as Segment;
    const second = (await catalog.next(first)) as Segment;
    const third = (await catalog.next(second)) as Segment;
    expect([second.id, third.id, third.startMs]).toEqual(['main', 'sub', 9_000]);
    expect((await catalog.before(third.startMs))?.id).toBe('main');
  });

  it('walks on over a gap', async () => {
    const catalog = new ArchiveCatalog(source(), () => 20 * DAY);
    const found = await catalog.find(10 * DAY);
    const second = found && (await catalog.next(found.segment));
    expect(second?.id).toBe('s1');
    expect(second && (await catalog.next(second))?.id).toBe('s5');
    expect(await catalog.next(segment(5, 10 * DAY + 600_000))).toBeUndefined();
  });

  it('knows where files begin, before and behind a moment, and passes over gaps', async () => {
    const catalog = new ArchiveCatalog(source(), () => 20 * DAY);
    const at = async (ms: number, direction: -1 | 1) => {
      const beginning = await catalog.beginningBeside(10 * DAY + ms, direction);
      return beginning === undefined ? undefined : beginning - 10 * DAY;
    };
    expect(await at(90_000, -1)).toBe(60_000);
    expect(await at(60_500, -1), 'at its very beginning the one before').toBe(0);
    expect(await at(500, -1)).toBeUndefined();
    expect(await at(300_000, -1), 'out of a gap').toBe(60_000);
    expect(await at(500, 1)).toBe(60_000);
    expect(await at(60_000, 1), 'over the gap').toBe(600_000);
    expect(await at(600_000, 1)).toBeUndefined();
  });
});
