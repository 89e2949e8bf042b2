// SPDX-License-Identifier: Apache-2.0
// Builds small ISO BMFF structures for tests, independently of the parser under test.

type Part = number[] | Uint8Array;

export const u32 = (value: number): number[] => [
  (value >>> 24) & 255,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];
export const u64 = (value: number): number[] => [...u32(Math.floor(value / 2 ** 32)), ...u32(value >>> 0)];
const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));
const zeros = (count: number): number[] => new Array(count).fill(0);

export function box(type: string, ...parts: Part[]): number[] {
  const body = parts.flatMap((part) => [...part]);
  return [...u32(body.length + 8), ...ascii(type), ...body];
}

export const bytes = (...parts: Part[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(parts.flatMap((part) => [...part]));

export interface TestTrack {
  id: number;
  handler: 'vide' | 'soun';
  timescale: number;
  entry: string;
}

export function initSegment(...tracks: TestTrack[]): Uint8Array<ArrayBuffer> {
  const traks = tracks.map((track) =>
    box(
      'trak',
      box('tkhd', zeros(12), u32(track.id), zeros(68)),
      box(
        'mdia',
        box('mdhd', zeros(12), u32(track.timescale), zeros(8)),
        box('hdlr', zeros(8), ascii(track.handler), zeros(13)),
        box('minf', box('stbl', box('stsd', zeros(4), u32(1), box(track.entry, zeros(28))))),
      ),
    ),
  );
  const trexes = tracks.map((track) => box('trex', zeros(4), u32(track.id), u32(1), u32(0), u32(0), u32(0)));
  return bytes(
    box('ftyp', ascii('iso6'), u32(1)),
    box('moov', box('mvhd', zeros(100)), ...traks, box('mvex', ...trexes)),
  );
}

export interface TestSample {
  duration: number;
  size: number;
  composition?: number;
}

/** @param offset where its samples lie, behind the first byte of `moof` */
export function traf(trackId: number, decodeTime: number, samples: TestSample[], offset = 0): number[] {
  const body = samples.flatMap((sample) => [
    ...u32(sample.duration),
    ...u32(sample.size),
    ...u32(sample.composition ?? 0),
  ]);
  return box(
    'traf',
    box('tfhd', u32(0x020000), u32(trackId)),
    box('tfdt', u32(0x01000000), u64(decodeTime)),
    box('trun', u32(0x01000b01), u32(samples.length), u32(offset), body),
  );
}

export function prft(trackId: number, utcMs: number): number[] {
  const seconds = Math.floor(utcMs / 1000) + 2_208_988_800;
  const fraction = Math.floor(((utcMs % 1000) / 1000) * 2 ** 32);
  return box('prft', u32(0x01000018), u32(trackId), u32(seconds), u32(fraction), u64(0));
}

export function fragment(...trafs: number[][]): number[] {
  return [...box('moof', box('mfhd', u32(0), u32(1)), ...trafs), ...box('mdat', zeros(16))];
}

export interface TestPicture extends TestSample {
  key?: boolean;
  /** What its bytes are filled with. */
  content: number;
}

/** A fragment whose samples lie where it says they do. */
export function footage(trackId: number, decodeTime: number, pictures: TestPicture[]): number[] {
  const made = (offset: number) => {
    const samples = pictures.flatMap(({ duration, size, key, composition }) => [
      ...u32(duration),
      ...u32(size),
      ...u32(key ? 0x02000000 : 0x01010000),
      ...u32(composition ?? 0),
    ]);
    return box(
      'moof',
      box('mfhd', u32(0), u32(1)),
      box(
        'traf',
        box('tfhd', u32(0x020000), u32(trackId)),
        box('tfdt', u32(0x01000000), u64(decodeTime)),
        box('trun', u32(0x01000f01), u32(pictures.length), u32(offset), samples),
      ),
    );
  };
  const data = pictures.flatMap(({ size, content }) => new Array<number>(size).fill(content));
  return [...made(made(0).length + 8), ...box('mdat', data)];
}
