// SPDX-License-Identifier: Apache-2.0
// Just enough of ISO/IEC 14496-12 to place fragments in time. Bytes come from outside: every length is checked, a box
// that does not fit ends the walk.

export interface Box {
  type: string;
  /** Offsets into the view: of the box, of its content, and behind it. */
  start: number;
  body: number;
  end: number;
}

const BOXES_MAX = 4096;

export class Mp4Error extends Error {
  override readonly name = 'Mp4Error';
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The boxes between two offsets. A truncated last box is left out. */
export function boxesIn(view: DataView, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  let at = from;
  while (at + 8 <= to) {
    if (boxes.length === BOXES_MAX) {
      throw new Mp4Error(`more than ${BOXES_MAX} boxes`);
    }
    let size = view.getUint32(at);
    let header = 8;
    if (size === 1) {
      if (at + 16 > to) {
        break;
      }
      const large = view.getBigUint64(at + 8);
      size = large > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(large);
      header = 16;
    } else if (size === 0) {
      size = to - at;
    }
    if (size < header) {
      throw new Mp4Error(`box of ${size} bytes at ${at}`);
    }
    if (at + size > to) {
      break;
    }
    boxes.push({ type: typeAt(view, at + 4), start: at, body: at + header, end: at + size });
    at += size;
  }
  return boxes;
}

export function child(view: DataView, parent: Box, type: string): Box | undefined {
  return boxesIn(view, parent.body, parent.end).find((box) => box.type === type);
}

function typeAt(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}

const FREE = 0x66726565;

/** Makes a box invisible to players without moving anything else. */
export function blank(view: DataView, box: Box): void {
  view.setUint32(box.start + 4, FREE);
}

/** Reads with a bound, so that a lying count cannot run past its box. */
export class BoxReader {
  private at: number;

  constructor(
    private readonly view: DataView,
    private readonly box: Box,
  ) {
    this.at = box.body;
  }

  skip(bytes: number): this {
    this.need(bytes);
    this.at += bytes;
    return this;
  }

  u8(): number {
    this.need(1);
    return this.view.getUint8(this.at++);
  }

  u32(): number {
    this.need(4);
    this.at += 4;
    return this.view.getUint32(this.at - 4);
  }

  i32(): number {
    this.need(4);
    this.at += 4;
    return this.view.getInt32(this.at - 4);
  }

  /** As a number: times stay below 2^53. */
  u64(): number {
    return this.u32() * 2 ** 32 + this.u32();
  }

  left(): number {
    return this.box.end - this.at;
  }

  private need(bytes: number): void {
    if (this.at + bytes > this.box.end) {
      throw new Mp4Error(`${this.box.type} box is too short`);
    }
  }
}
