// SPDX-License-Identifier: Apache-2.0
// Recordings as a user finds them: stretches without an interruption, put together from the files they lie in.
import type { Gap, Segment } from '../../api/types';

export interface Recording {
  from: number;
  to: number;
  bytes: number;
  /** It is being written. */
  open: boolean;
  /** What is missing between the recording before and this one; absent for the first one that is known. */
  missing?: { ms: number; causes: string[] };
}

/** So short an interruption is none; the player does not tell of it either. */
const JOINED_MS = 1_000;

/** The newest first. Files, or parts of them; those of one time, as after a clock was set back, are of one recording. */
export function recordingsOf(segments: readonly Segment[], gaps: readonly Gap[], nowMs: number): Recording[] {
  const files = [
    ...new Map(segments.map((segment) => [`${segment.id} ${segment.startMs}`, segment])).values(),
  ];
  files.sort((a, b) => a.startMs - b.startMs);
  const found: Recording[] = [];
  for (const { startMs, durationMs, bytes, open } of files) {
    const last = found.at(-1);
    const to = startMs + durationMs;
    if (last && startMs - last.to <= JOINED_MS) {
      last.to = Math.max(last.to, to);
      last.bytes += bytes;
      last.open ||= open;
    } else {
      const missing = last && {
        ms: startMs - last.to,
        causes: causesBetween(gaps, last.to, startMs, nowMs),
      };
      found.push({ from: startMs, to, bytes, open, missing });
    }
  }
  return found.reverse();
}

/** Why nothing was recorded there, each reason once and in the order of time; nothing where nobody knows. */
export function causesBetween(gaps: readonly Gap[], from: number, to: number, nowMs: number): string[] {
  const there = gaps
    .filter((gap) => gap.start < to && (gap.end ?? nowMs) > from)
    .sort((a, b) => a.start - b.start);
  return [...new Set(there.map(({ cause }) => cause))];
}

/** Which one a moment is in; else the last one before it. */
export function indexAt(recordings: readonly Recording[], utcMs: number): number {
  const at = recordings.findIndex(({ from }) => from <= utcMs);
  return at < 0 ? Math.max(0, recordings.length - 1) : at;
}
