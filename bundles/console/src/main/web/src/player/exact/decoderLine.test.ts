// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { DecoderExchange, decoderMissing } from './decoderLine';
import type { FromWorker, ToWorker } from './messages';

class FakeWorker {
  readonly heard: ToWorker[] = [];
  ended = false;
  onmessage: Worker['onmessage'] = null;
  onerror: Worker['onerror'] = null;

  postMessage(what: ToWorker): void {
    this.heard.push(what);
  }

  terminate(): void {
    this.ended = true;
  }

  says(data: FromWorker): void {
    this.onmessage?.call(this as unknown as Worker, { data } as MessageEvent);
  }
}

function scene() {
  const workers: FakeWorker[] = [];
  const exchange = new DecoderExchange(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  });
  const told: string[] = [];
  const host = (name: string) => ({
    times: () => told.push(`${name} times`),
    picture: (utcMs: number) => told.push(`${name} picture ${utcMs}`),
    done: () => told.push(`${name} done`),
    failed: (why: string, detail: string) => told.push(`${name} ${why} ${detail}`),
  });
  return { exchange, workers, told, host };
}

const HEAD = { initId: 'i', init: new Uint8Array(1), codec: 'avc1.640028', keyOnly: false };

function picture(line: number, job: number, utcMs: number, closed: number[]): FromWorker {
  const image = { close: () => closed.push(utcMs) } as unknown as ImageBitmap;
  return { kind: 'picture', line, job, utcMs, still: { image, width: 1, height: 1, bytes: 4 } };
}

describe('one worker for all players', () => {
  it('comes with the first group, and goes with the last player', () => {
    const { exchange, workers, host } = scene();
    const [one, two] = [exchange.open(), exchange.open()];
    expect(workers).toHaveLength(0);
    one.begin(HEAD, host('one'));
    two.begin(HEAD, host('two'));
    expect(workers).toHaveLength(1);
    one.close();
    expect(workers[0]?.heard.at(-1)).toEqual({ kind: 'close', line: 1 });
    expect(workers[0]?.ended).toBe(false);
    two.close();
    two.close();
    expect(workers[0]?.ended).toBe(true);
  });

  it('shares the memory among them', () => {
    const { exchange } = scene();
    const one = exchange.open();
    const alone = one.bytesMax();
    const two = exchange.open();
    expect(one.bytesMax()).toBe(alone / 2);
    two.close();
    expect(one.bytesMax()).toBe(alone);
  });

  it('knows what all of them together could decode, once something was', () => {
    const { exchange } = scene();
    const one = exchange.open();
    expect(one.canDecode(1e12)).toBe(true);
    one.decoded(1_000);
    // There is more to do than decoding.
    expect(one.canDecode(500)).toBe(true);
    expect(one.canDecode(501)).toBe(false);
    const two = exchange.open();
    expect(two.canDecode(250)).toBe(true);
    expect(two.canDecode(251)).toBe(false);
    two.decoded(2_000);
    expect(one.canDecode(325)).toBe(true);
    expect(one.canDecode(326)).toBe(false);
  });

  it('tells each what is its own, and closes what nobody waits for any more', () => {
    const { exchange, workers, told, host } = scene();
    const [one, two] = [exchange.open(), exchange.open()];
    const closed: number[] = [];
    const first = one.begin(HEAD, host('one'));
    two.begin(HEAD, host('two'));
    const worker = workers[0] as FakeWorker;
    worker.says(picture(1, 1, 10, closed));
    worker.says(picture(2, 1, 20, closed));
    one.begin(HEAD, host('one again'));
    // Of the group before, on its way when the next was begun.
    worker.says(picture(1, 1, 11, closed));
    worker.says({ kind: 'done', line: 1, job: 1, tookMs: 9 });
    worker.says(picture(1, 2, 12, closed));
    first.stop();
    first.part({ bytes: new Uint8Array(1), startsMs: [0], last: true });
    two.close();
    worker.says(picture(2, 1, 21, closed));
    expect(told).toEqual(['one picture 10', 'two picture 20', 'one again picture 12']);
    expect(closed).toEqual([11, 21]);
    const heard = worker.heard.map(({ kind, line }) => `${kind} ${line}`);
    // Each picture that comes is taken, whoever waits for it: the decoder has room for the next.
    const taken = ['taken 1', 'taken 2', 'begin 1', 'taken 1', 'taken 1', 'close 2', 'taken 2'];
    expect(heard).toEqual(['begin 1', 'begin 2', ...taken]);
  });

  it('says nothing of a group that was stopped, nor anything after its end', () => {
    const { exchange, workers, told, host } = scene();
    const line = exchange.open();
    const closed: number[] = [];
    const job = line.begin(HEAD, host('one'));
    job.stop();
    job.stop();
    const worker = workers[0] as FakeWorker;
    worker.says(picture(1, 1, 10, closed));
    worker.says({ kind: 'done', line: 1, job: 1, tookMs: 9 });
    expect(told).toEqual([]);
    expect(closed).toEqual([10]);
    expect(worker.heard.map(({ kind }) => kind)).toEqual(['begin', 'stop', 'taken']);
    line.begin(HEAD, host('two'));
    worker.says({ kind: 'done', line: 1, job: 2, tookMs: 9 });
    worker.says({ kind: 'done', line: 1, job: 2, tookMs: 9 });
    expect(told).toEqual(['two done']);
  });

  it('that is gone tells all who wait, and there is another for the next who asks', () => {
    const { exchange, workers, told, host } = scene();
    const [one, two] = [exchange.open(), exchange.open()];
    one.begin(HEAD, host('one'));
    two.begin(HEAD, host('two'));
    const worker = workers[0] as FakeWorker;
    worker.onerror?.call(worker as unknown as Worker, { message: 'not loaded' } as ErrorEvent);
    expect(told).toEqual(['one decoder not loaded', 'two decoder not loaded']);
    expect(worker.ended).toBe(true);
    one.begin(HEAD, host('one'));
    expect(workers).toHaveLength(2);
  });
});

describe('a browser', () => {
  it('has a decoder, or it is said why not', () => {
    expect(decoderMissing({ VideoDecoder: class {}, Worker: class {} })).toBeUndefined();
    expect(decoderMissing({ Worker: class {}, isSecureContext: false })).toBe('insecure');
    expect(decoderMissing({ Worker: class {}, isSecureContext: true })).toBe('browser');
    expect(decoderMissing({})).toBe('browser');
  });
});
