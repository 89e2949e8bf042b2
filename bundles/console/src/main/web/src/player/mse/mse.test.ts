// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { type BufferLike, BufferQueue } from './bufferQueue';
import { codecName, pictureOnly, playableType } from './codecs';
import { RateMeter } from './rateMeter';

/** Behaves like a SourceBuffer: throws when touched while it updates, ends updates when told. */
class FakeBuffer extends EventTarget {
  updating = false;
  offset = 0;
  readonly done: string[] = [];

  get buffered(): TimeRanges {
    return { length: 1, start: () => 1, end: () => 2 };
  }

  get timestampOffset(): number {
    return this.offset;
  }

  set timestampOffset(value: number) {
    this.begin(`offset ${value}`, false);
    this.offset = value;
  }

  appendBuffer(data: BufferSource): void {
    this.begin(`append ${data.byteLength}`);
  }

  remove(from: number, to: number): void {
    this.begin(`remove ${from}-${to}`);
  }

  abort(): void {}

  changeType(type: string): void {
    this.begin(`type ${type}`, false);
  }

  end(event = 'updateend'): void {
    this.updating = false;
    this.dispatchEvent(new Event(event));
    if (event === 'error') {
      this.dispatchEvent(new Event('updateend'));
    }
  }

  private begin(what: string, updates = true): void {
    if (this.updating) {
      throw new DOMException('updating', 'InvalidStateError');
    }
    this.done.push(what);
    this.updating = updates;
  }
}

const data = (length: number) => new Uint8Array(length);

describe('buffer queue', () => {
  it('does one thing after the other', async () => {
    const buffer = new FakeBuffer();
    const queue = new BufferQueue(buffer as unknown as BufferLike);
    const first = queue.append(data(1), 5);
    void queue.append(data(2), 5);
    void queue.changeType('b');
    void queue.remove(0, 9);
    expect(buffer.done).toEqual(['offset 5', 'append 1']);
    buffer.end();
    await first;
    expect(buffer.done).toEqual(['offset 5', 'append 1', 'append 2']);
    buffer.end();
    expect(buffer.done.slice(3)).toEqual(['type b', 'remove 0-9']);
    buffer.end();
    expect(queue.length()).toBe(0);
  });

  it('tells the one whose bytes the browser refuses', async () => {
    const buffer = new FakeBuffer();
    const queue = new BufferQueue(buffer as unknown as BufferLike);
    const refused = queue.append(data(1));
    buffer.end('error');
    await expect(refused).rejects.toThrow(/decode/);
  });

  it('gives up what waits when it is cleared or closed, and takes nothing after', async () => {
    const buffer = new FakeBuffer();
    const queue = new BufferQueue(buffer as unknown as BufferLike);
    void queue.append(data(1));
    const waiting = queue.append(data(2));
    queue.clear();
    await expect(waiting).rejects.toThrow('given up');
    queue.close();
    await expect(queue.append(data(3))).rejects.toThrow('closed');
  });

  it('does not hoard', async () => {
    const queue = new BufferQueue(new FakeBuffer() as unknown as BufferLike);
    void queue.append(data(1));
    const all = Array.from({ length: BufferQueue.OPERATIONS_MAX + 1 }, () =>
      queue.append(data(1)).catch(String),
    );
    expect(await all[BufferQueue.OPERATIONS_MAX]).toContain('too much');
    queue.close();
  });

  it('removes nothing from an empty range', async () => {
    const buffer = new FakeBuffer();
    await new BufferQueue(buffer as unknown as BufferLike).remove(5, 5);
    expect(buffer.done).toEqual([]);
  });
});

describe('playable types', () => {
  const knows =
    (...codecs: string[]) =>
    (mime: string) =>
      (/codecs="(.*)"/.exec(mime)?.[1] ?? '').split(',').every((codec) => codecs.includes(codec));

  it('take all tracks when the browser knows them', () => {
    expect(playableType('avc1.640028,mp4a.40.2', knows('avc1.640028', 'mp4a.40.2'))).toEqual({
      mime: 'video/mp4; codecs="avc1.640028,mp4a.40.2"',
      videoOnly: false,
    });
  });

  it('give up the sound rather than the picture', () => {
    expect(playableType('avc1.640028, ulaw', knows('avc1.640028'))).toEqual({
      mime: 'video/mp4; codecs="avc1.640028"',
      videoOnly: true,
    });
  });

  it('are none for a video codec the browser does not know', () => {
    expect(playableType('hvc1.1.6.L120.90', knows('avc1.640028'))).toBeUndefined();
    expect(playableType('mp4a.40.2', () => true)).toBeUndefined();
    expect(playableType('', () => true)).toBeUndefined();
  });

  it('have names people use', () => {
    expect(['avc1.640028,mp4a', 'hvc1.1', 'av01.0', undefined].map(codecName)).toEqual([
      'H.264',
      'H.265',
      'AV1',
      '',
    ]);
    expect(pictureOnly('video/mp4; codecs="avc1.4d401f,mp4a.40.2"')).toBe('video/mp4; codecs="avc1.4d401f"');
  });
});

describe('rate meter', () => {
  it('forgets what is older than its window', () => {
    const meter = new RateMeter(2_000);
    for (let at = 0; at <= 4_000; at += 100) {
      meter.add(10, at);
    }
    expect(meter.perSecond(4_000)).toBeCloseTo(100, 3);
    expect(meter.perSecond(9_000)).toBe(0);
  });

  it('tells no more than there was when a busy page hears of many pictures at once', () => {
    const meter = new RateMeter(3_000);
    const heard = (from: number, to: number, stepMs: number) => {
      for (let at = from; at <= to; at += stepMs) {
        meter.add((25 * stepMs) / 1_000, at);
        expect(meter.perSecond(at)).toBeLessThanOrEqual(25.001);
      }
    };
    heard(0, 2_000, 1_000);
    expect(meter.perSecond(2_000)).toBeCloseTo(25, 3);
    // One picture each, and then a page that stood still.
    heard(2_040, 6_000, 40);
    heard(8_000, 10_000, 2_000);
    expect(meter.perSecond(10_000)).toBeCloseTo(25, 3);
  });

  it('begins anew after a pause', () => {
    const meter = new RateMeter(3_000);
    meter.add(1, 0);
    meter.add(1, 40);
    for (let at = 60_000; at <= 61_000; at += 40) {
      meter.add(1, at);
    }
    expect(meter.perSecond(61_000)).toBeCloseTo(25, 3);
  });
});
