// SPDX-License-Identifier: Apache-2.0
import { type Box, BoxReader, blank, boxesIn, child, Mp4Error, viewOf } from './boxes';

export interface InitTrack {
  id: number;
  kind: 'video' | 'audio' | 'other';
  timescale: number;
  /** Type of the sample entry, `avc1`. */
  entry: string;
  /** Of `trex`: what samples have that do not say otherwise. */
  defaultDuration: number;
  defaultSize: number;
  defaultFlags: number;
  /** What a decoder has to know beforehand: the content of `avcC`, `hvcC` or `av1C`. */
  configuration?: Uint8Array<ArrayBuffer>;
}

export interface InitInfo {
  tracks: InitTrack[];
  video: InitTrack;
}

/** Reads the tracks of an initialisation segment. */
export function parseInit(bytes: Uint8Array): InitInfo {
  const view = viewOf(bytes);
  const moov = boxesIn(view, 0, bytes.length).find((box) => box.type === 'moov');
  if (!moov) {
    throw new Mp4Error('initialisation segment without moov');
  }
  const tracks: InitTrack[] = [];
  for (const box of boxesIn(view, moov.body, moov.end)) {
    if (box.type === 'trak') {
      const track = readTrack(view, box);
      if (track) {
        tracks.push(track);
      }
    }
  }
  const mvex = child(view, moov, 'mvex');
  for (const box of mvex ? boxesIn(view, mvex.body, mvex.end) : []) {
    if (box.type === 'trex') {
      const reader = new BoxReader(view, box).skip(4);
      const id = reader.u32();
      reader.skip(4);
      const [duration, size, flags] = [reader.u32(), reader.u32(), reader.u32()];
      const track = tracks.find((candidate) => candidate.id === id);
      if (track) {
        track.defaultDuration = duration;
        track.defaultSize = size;
        track.defaultFlags = flags;
      }
    }
  }
  const video = tracks.find((track) => track.kind === 'video');
  if (!video) {
    throw new Mp4Error('initialisation segment without a video track');
  }
  return { tracks, video };
}

function readTrack(view: DataView, trak: Box): InitTrack | undefined {
  const tkhd = child(view, trak, 'tkhd');
  const mdia = child(view, trak, 'mdia');
  const mdhd = mdia && child(view, mdia, 'mdhd');
  const hdlr = mdia && child(view, mdia, 'hdlr');
  const minf = mdia && child(view, mdia, 'minf');
  const stbl = minf && child(view, minf, 'stbl');
  const stsd = stbl && child(view, stbl, 'stsd');
  if (!tkhd || !mdhd || !hdlr || !stsd) {
    return undefined;
  }
  const tkhdReader = new BoxReader(view, tkhd);
  const tkhdVersion = tkhdReader.u8();
  const id = tkhdReader.skip(tkhdVersion === 1 ? 19 : 11).u32();
  const mdhdReader = new BoxReader(view, mdhd);
  const mdhdVersion = mdhdReader.u8();
  const timescale = mdhdReader.skip(mdhdVersion === 1 ? 19 : 11).u32();
  const handler = new BoxReader(view, hdlr).skip(8).u32();
  const entry = boxesIn(view, stsd.body + 8, stsd.end)[0];
  if (timescale === 0) {
    throw new Mp4Error(`track ${id} has timescale 0`);
  }
  const kind = handler === 0x76696465 ? 'video' : handler === 0x736f756e ? 'audio' : 'other';
  const configuration = entry && kind === 'video' ? readConfiguration(view, entry) : undefined;
  return {
    id,
    kind,
    timescale,
    entry: entry?.type ?? '',
    defaultDuration: 0,
    defaultSize: 0,
    defaultFlags: 0,
    configuration,
  };
}

/** Fields of a visual sample entry before its boxes (ISO/IEC 14496-12 12.1.3). */
const VISUAL_ENTRY_BYTES = 78;
const CONFIGURATION = /^(avcC|hvcC|av1C)$/;

function readConfiguration(view: DataView, entry: Box): Uint8Array<ArrayBuffer> | undefined {
  const boxes = boxesIn(view, entry.body + VISUAL_ENTRY_BYTES, entry.end);
  const found = boxes.find(({ type }) => CONFIGURATION.test(type));
  return found && new Uint8Array(view.buffer, view.byteOffset + found.body, found.end - found.body).slice();
}

/**
 * Hides every track but those kept, in place. A browser refuses a whole stream because of one audio codec it does not
 * know (G.711 is common in cameras), so the sound is given up instead of the picture.
 */
export function keepTracksOfInit(bytes: Uint8Array, keep: ReadonlySet<number>): void {
  const view = viewOf(bytes);
  const moov = boxesIn(view, 0, bytes.length).find((box) => box.type === 'moov');
  if (!moov) {
    return;
  }
  for (const box of boxesIn(view, moov.body, moov.end)) {
    if (box.type === 'trak') {
      const track = readTrack(view, box);
      if (!track || !keep.has(track.id)) {
        blank(view, box);
      }
    } else if (box.type === 'mvex') {
      for (const trex of boxesIn(view, box.body, box.end)) {
        if (trex.type === 'trex' && !keep.has(new BoxReader(view, trex).skip(4).u32())) {
          blank(view, trex);
        }
      }
    }
  }
}
