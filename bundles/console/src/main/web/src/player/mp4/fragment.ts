// SPDX-License-Identifier: Apache-2.0
import { type Box, BoxReader, blank, boxesIn, child, viewOf } from './boxes';
import type { InitInfo } from './init';

/** One picture of a fragment, in seconds of the stream's own time. */
export interface Picture {
  pts: number;
  duration: number;
}

export interface FragmentInfo {
  /** Offsets of the fragment (with its `prft`) in the bytes given. */
  start: number;
  end: number;
  /** Decode time of the first video access unit in seconds, if the fragment has video. */
  decodeTime?: number;
  /** Presentation time of the first video access unit in decode order: the one `captureMs` is about. */
  firstPts?: number;
  /** In order of presentation. */
  pictures: Picture[];
  /** Capture time of the first access unit, UTC milliseconds, from `prft`. */
  captureMs?: number;
}

const NTP_EPOCH_OFFSET_S = 2_208_988_800;
const PICTURES_MAX = 100_000;

/** NTP time stamp (RFC 5905, 32.32 bits) as UTC milliseconds. */
export function ntpToUtcMs(seconds: number, fraction: number): number {
  return (seconds - NTP_EPOCH_OFFSET_S) * 1000 + (fraction / 2 ** 32) * 1000;
}

/** Reads all whole fragments; what follows the last `mdat` is left out. */
export function parseFragments(bytes: Uint8Array, init: InitInfo): FragmentInfo[] {
  const view = viewOf(bytes);
  const fragments: FragmentInfo[] = [];
  let captureMs: number | undefined;
  let start: number | undefined;
  let open: FragmentInfo | undefined;
  for (const box of boxesIn(view, 0, bytes.length)) {
    start ??= box.start;
    if (box.type === 'prft') {
      captureMs = readPrft(view, box, init) ?? captureMs;
    } else if (box.type === 'moof') {
      open = { start, end: box.end, pictures: [], captureMs };
      readMoof(view, box, init, open);
    } else if (box.type === 'mdat' && open) {
      open.end = box.end;
      fragments.push(open);
      open = undefined;
      start = undefined;
      captureMs = undefined;
    }
  }
  return fragments;
}

function readPrft(view: DataView, box: Box, init: InitInfo): number | undefined {
  const reader = new BoxReader(view, box).skip(4);
  const track = reader.u32();
  const seconds = reader.u32();
  const fraction = reader.u32();
  return track === init.video.id ? ntpToUtcMs(seconds, fraction) : undefined;
}

function readMoof(view: DataView, moof: Box, init: InitInfo, into: FragmentInfo): void {
  for (const traf of boxesIn(view, moof.body, moof.end)) {
    if (traf.type === 'traf') {
      readTraf(view, traf, init, into);
    }
  }
  into.firstPts = into.pictures[0]?.pts;
  into.pictures.sort((a, b) => a.pts - b.pts);
}

function readTraf(view: DataView, traf: Box, init: InitInfo, into: FragmentInfo): void {
  const tfhd = child(view, traf, 'tfhd');
  const tfdt = child(view, traf, 'tfdt');
  if (!tfhd || !tfdt) {
    return;
  }
  const header = new BoxReader(view, tfhd);
  const tfhdFlags = header.u32() & 0xffffff;
  if (header.u32() !== init.video.id) {
    return;
  }
  if (tfhdFlags & 0x1) {
    header.skip(8);
  }
  if (tfhdFlags & 0x2) {
    header.skip(4);
  }
  const defaultDuration = tfhdFlags & 0x8 ? header.u32() : init.video.defaultDuration;
  const time = new BoxReader(view, tfdt);
  const tfdtVersion = time.u8();
  time.skip(3);
  let dts = tfdtVersion === 1 ? time.u64() : time.u32();
  const timescale = init.video.timescale;
  into.decodeTime ??= dts / timescale;
  for (const box of boxesIn(view, traf.body, traf.end)) {
    if (box.type === 'trun') {
      dts = readTrun(view, box, dts, defaultDuration, timescale, into.pictures);
    }
  }
}

function readTrun(
  view: DataView,
  trun: Box,
  start: number,
  defaultDuration: number,
  timescale: number,
  pictures: Picture[],
): number {
  const reader = new BoxReader(view, trun);
  const head = reader.u32();
  const version = head >>> 24;
  const flags = head & 0xffffff;
  const count = reader.u32();
  reader.skip((flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0));
  let dts = start;
  for (let i = 0; i < count && pictures.length < PICTURES_MAX; i++) {
    const duration = flags & 0x100 ? reader.u32() : defaultDuration;
    reader.skip((flags & 0x200 ? 4 : 0) + (flags & 0x400 ? 4 : 0));
    const composition = flags & 0x800 ? (version === 0 ? reader.u32() : reader.i32()) : 0;
    pictures.push({ pts: (dts + composition) / timescale, duration: duration / timescale });
    dts += duration;
  }
  return dts;
}

/** Hides the track fragments of tracks that are not kept, in place; see `keepTracksOfInit`. */
export function keepTracksOfFragments(bytes: Uint8Array, keep: ReadonlySet<number>): void {
  const view = viewOf(bytes);
  for (const moof of boxesIn(view, 0, bytes.length)) {
    if (moof.type !== 'moof') {
      continue;
    }
    for (const traf of boxesIn(view, moof.body, moof.end)) {
      const tfhd = traf.type === 'traf' ? child(view, traf, 'tfhd') : undefined;
      if (tfhd && !keep.has(new BoxReader(view, tfhd).skip(4).u32())) {
        blank(view, traf);
      }
    }
  }
}
