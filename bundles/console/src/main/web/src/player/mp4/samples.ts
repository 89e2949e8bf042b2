// SPDX-License-Identifier: Apache-2.0
// The access units of the video track, where they lie and when they are shown (ISO/IEC 14496-12 8.8), for a decoder that
// is fed by hand. Bytes come from outside: whatever points out of them is refused.
import { type Box, BoxReader, boxesIn, child, Mp4Error, viewOf } from './boxes';
import type { InitInfo } from './init';

export interface Sample {
  /** Offset and length in the bytes given. */
  offset: number;
  length: number;
  /** Presentation time and duration in seconds of the stream's own time. */
  pts: number;
  duration: number;
  /** Decoding can start here. */
  key: boolean;
}

export interface SampleFragment {
  /** In order of decoding. */
  samples: Sample[];
}

const SAMPLES_MAX = 10_000;
/** `sample_is_non_sync_sample` (8.8.3.1). */
const NON_SYNC = 0x10000;

/** The whole fragments in these bytes; one without video has no samples. */
export function samplesIn(bytes: Uint8Array, init: InitInfo): SampleFragment[] {
  const view = viewOf(bytes);
  const fragments: SampleFragment[] = [];
  let open: SampleFragment | undefined;
  for (const box of boxesIn(view, 0, bytes.length)) {
    if (box.type === 'moof') {
      open = { samples: [] };
      for (const traf of boxesIn(view, box.body, box.end)) {
        if (traf.type === 'traf') {
          readTraf(view, box, traf, init, open.samples);
        }
      }
    } else if (box.type === 'mdat' && open) {
      fragments.push(open);
      open = undefined;
    }
  }
  return fragments;
}

interface Defaults {
  duration: number;
  size: number;
  flags: number;
}

function readTraf(view: DataView, moof: Box, traf: Box, init: InitInfo, into: Sample[]): void {
  const tfhd = child(view, traf, 'tfhd');
  const tfdt = child(view, traf, 'tfdt');
  if (!tfhd || !tfdt) {
    return;
  }
  const header = new BoxReader(view, tfhd);
  const flags = header.u32() & 0xffffff;
  if (header.u32() !== init.video.id) {
    return;
  }
  if (flags & 0x1) {
    // An offset into the file: fragments are read by range, so it cannot be followed.
    throw new Mp4Error('tfhd box with an absolute data offset');
  }
  header.skip(flags & 0x2 ? 4 : 0);
  const defaults: Defaults = {
    duration: flags & 0x8 ? header.u32() : init.video.defaultDuration,
    size: flags & 0x10 ? header.u32() : init.video.defaultSize,
    flags: flags & 0x20 ? header.u32() : init.video.defaultFlags,
  };
  const time = new BoxReader(view, tfdt);
  const version = time.u8();
  time.skip(3);
  const state = { dts: version === 1 ? time.u64() : time.u32(), offset: moof.start };
  for (const box of boxesIn(view, traf.body, traf.end)) {
    if (box.type === 'trun') {
      readTrun(view, moof, box, defaults, init.video.timescale, state, into);
    }
  }
}

function readTrun(
  view: DataView,
  moof: Box,
  trun: Box,
  defaults: Defaults,
  timescale: number,
  state: { dts: number; offset: number },
  into: Sample[],
): void {
  const reader = new BoxReader(view, trun);
  const head = reader.u32();
  const flags = head & 0xffffff;
  const count = reader.u32();
  if (flags & 0x1) {
    // Without it, the data go on behind those of the run before.
    state.offset = moof.start + reader.i32();
  }
  const first = flags & 0x4 ? reader.u32() : undefined;
  for (let i = 0; i < count; i++) {
    if (into.length === SAMPLES_MAX) {
      throw new Mp4Error(`more than ${SAMPLES_MAX} samples in a fragment`);
    }
    const duration = flags & 0x100 ? reader.u32() : defaults.duration;
    const length = flags & 0x200 ? reader.u32() : defaults.size;
    const own = flags & 0x400 ? reader.u32() : i === 0 && first !== undefined ? first : defaults.flags;
    const composition = flags & 0x800 ? (head >>> 24 === 0 ? reader.u32() : reader.i32()) : 0;
    if (state.offset < 0 || state.offset + length > view.byteLength) {
      throw new Mp4Error('trun box points outside of its fragment');
    }
    into.push({
      offset: state.offset,
      length,
      pts: (state.dts + composition) / timescale,
      duration: duration / timescale,
      key: (own & NON_SYNC) === 0,
    });
    state.dts += duration;
    state.offset += length;
  }
}
