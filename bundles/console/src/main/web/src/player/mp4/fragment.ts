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
  /** Presentation time of the access unit that lies first, which may be sound: the one whose capture time the archive's index tells. */
  leadPts?: number;
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

/** Where a track's first access unit lies, behind the first byte of `moof`, and when it is shown or heard. */
interface Lead {
  offset: number;
  pts: number;
}

function readMoof(view: DataView, moof: Box, init: InitInfo, into: FragmentInfo): void {
  let lead: Lead | undefined;
  for (const traf of boxesIn(view, moof.body, moof.end)) {
    const own = traf.type === 'traf' ? readTraf(view, traf, init, into) : undefined;
    if (own && (!lead || own.offset < lead.offset)) {
      lead = own;
    }
  }
  into.leadPts = lead?.pts;
  into.firstPts = into.pictures[0]?.pts;
  into.pictures.sort((a, b) => a.pts - b.pts);
}

function readTraf(view: DataView, traf: Box, init: InitInfo, into: FragmentInfo): Lead | undefined {
  const tfhd = child(view, traf, 'tfhd');
  const tfdt = child(view, traf, 'tfdt');
  if (!tfhd || !tfdt) {
    return undefined;
  }
  const header = new BoxReader(view, tfhd);
  const tfhdFlags = header.u32() & 0xffffff;
  const id = header.u32();
  const track = init.tracks.find((one) => one.id === id);
  if (!track) {
    return undefined;
  }
  if (tfhdFlags & 0x1) {
    header.skip(8);
  }
  if (tfhdFlags & 0x2) {
    header.skip(4);
  }
  const defaultDuration = tfhdFlags & 0x8 ? header.u32() : track.defaultDuration;
  const time = new BoxReader(view, tfdt);
  const tfdtVersion = time.u8();
  time.skip(3);
  let dts = tfdtVersion === 1 ? time.u64() : time.u32();
  const { timescale } = track;
  const isVideo = id === init.video.id;
  const units = isVideo ? into.pictures : [];
  if (isVideo) {
    into.decodeTime ??= dts / timescale;
  }
  const before = units.length;
  let offset: number | undefined;
  for (const box of boxesIn(view, traf.body, traf.end)) {
    if (box.type === 'trun') {
      const run = readTrun(view, box, dts, defaultDuration, timescale, units);
      dts = run.dts;
      offset ??= run.offset;
    }
  }
  const first = units[before];
  return first && { offset: offset ?? 0, pts: first.pts };
}

function readTrun(
  view: DataView,
  trun: Box,
  start: number,
  defaultDuration: number,
  timescale: number,
  units: Picture[],
): { dts: number; offset: number | undefined } {
  const reader = new BoxReader(view, trun);
  const head = reader.u32();
  const version = head >>> 24;
  const flags = head & 0xffffff;
  const count = reader.u32();
  const offset = flags & 0x1 ? reader.i32() : undefined;
  reader.skip(flags & 0x4 ? 4 : 0);
  let dts = start;
  for (let i = 0; i < count && units.length < PICTURES_MAX; i++) {
    const duration = flags & 0x100 ? reader.u32() : defaultDuration;
    reader.skip((flags & 0x200 ? 4 : 0) + (flags & 0x400 ? 4 : 0));
    const composition = flags & 0x800 ? (version === 0 ? reader.u32() : reader.i32()) : 0;
    units.push({ pts: (dts + composition) / timescale, duration: duration / timescale });
    dts += duration;
  }
  return { dts, offset };
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
