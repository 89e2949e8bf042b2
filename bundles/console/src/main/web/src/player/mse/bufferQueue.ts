// SPDX-License-Identifier: Apache-2.0

type Operation = { run: (buffer: SourceBuffer) => void; done: () => void; failed: (error: unknown) => void };

/** What of `SourceBuffer` is used, so that the queue can be tested without a browser. */
export type BufferLike = Pick<
  SourceBuffer,
  | 'updating'
  | 'buffered'
  | 'timestampOffset'
  | 'appendBuffer'
  | 'remove'
  | 'abort'
  | 'changeType'
  | 'addEventListener'
>;

/**
 * Operations on one SourceBuffer, in order, each begun after the one before has ended. A SourceBuffer throws when
 * touched while it updates.
 */
export class BufferQueue {
  /** A client that cannot keep up must not hoard: beyond this the owner has to drop. */
  static readonly OPERATIONS_MAX = 512;

  private readonly waiting: Operation[] = [];
  private current: Operation | undefined;
  private closed = false;

  constructor(private readonly buffer: BufferLike) {
    buffer.addEventListener('updateend', () => this.ended());
    buffer.addEventListener('error', () => this.broke(new Error('the browser cannot decode this')));
  }

  append(bytes: Uint8Array<ArrayBuffer>, timestampOffset?: number): Promise<void> {
    return this.push((buffer) => {
      if (timestampOffset !== undefined && buffer.timestampOffset !== timestampOffset) {
        buffer.timestampOffset = timestampOffset;
      }
      buffer.appendBuffer(bytes);
    });
  }

  remove(from: number, to: number): Promise<void> {
    return to > from ? this.push((buffer) => buffer.remove(from, to)) : Promise.resolve();
  }

  changeType(mime: string): Promise<void> {
    return this.push((buffer) => buffer.changeType(mime));
  }

  /** Gives up what has not begun; the running operation ends by itself. */
  clear(): void {
    for (const operation of this.waiting.splice(0)) {
      operation.failed(new DOMException('given up', 'AbortError'));
    }
  }

  close(): void {
    this.closed = true;
    this.clear();
  }

  length(): number {
    return this.waiting.length + (this.current ? 1 : 0);
  }

  buffered(): { start: number; end: number }[] {
    const ranges: { start: number; end: number }[] = [];
    try {
      const { buffered } = this.buffer;
      for (let i = 0; i < buffered.length; i++) {
        ranges.push({ start: buffered.start(i), end: buffered.end(i) });
      }
    } catch {
      // Removed from its MediaSource: holds nothing.
    }
    return ranges;
  }

  private push(run: Operation['run']): Promise<void> {
    if (this.closed || this.waiting.length >= BufferQueue.OPERATIONS_MAX) {
      return Promise.reject(new DOMException(this.closed ? 'closed' : 'too much waits', 'AbortError'));
    }
    return new Promise((done, failed) => {
      this.waiting.push({ run, done, failed });
      this.next();
    });
  }

  private next(): void {
    while (!this.current && !this.buffer.updating && !this.closed) {
      const operation = this.waiting.shift();
      if (!operation) {
        return;
      }
      try {
        this.current = operation;
        operation.run(this.buffer as SourceBuffer);
        if (!this.buffer.updating) {
          // changeType and the like end at once, without an event.
          this.current = undefined;
          operation.done();
        }
      } catch (error) {
        this.current = undefined;
        operation.failed(error);
      }
    }
  }

  private ended(): void {
    const operation = this.current;
    this.current = undefined;
    operation?.done();
    this.next();
  }

  private broke(error: unknown): void {
    const operation = this.current;
    this.current = undefined;
    operation?.failed(error);
  }
}
