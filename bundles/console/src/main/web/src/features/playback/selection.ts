// SPDX-License-Identifier: Apache-2.0
// A chosen stretch of time. It is always whole: setting one end keeps the other where that makes sense.

export interface Selection {
  from: number;
  to: number;
}

const USUAL_MS = 60_000;

export function spanned(a: number, b: number): Selection {
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

export function beginningAt(utcMs: number, before: Selection | undefined, nowMs: number): Selection {
  const to =
    before && before.to > utcMs ? before.to : Math.min(utcMs + USUAL_MS, Math.max(nowMs, utcMs + 1000));
  return { from: utcMs, to };
}

export function endingAt(utcMs: number, before: Selection | undefined): Selection {
  return { from: before && before.from < utcMs ? before.from : utcMs - USUAL_MS, to: utcMs };
}

/** What is offered when nothing was chosen: the minute before and after. */
export function around(utcMs: number, nowMs: number): Selection {
  return { from: utcMs - USUAL_MS, to: Math.max(utcMs + 1000, Math.min(utcMs + USUAL_MS, nowMs)) };
}

const SHORTEST_MS = 1_000;

/** With one end elsewhere; it does not pass the other one. */
export function moved(before: Selection, end: keyof Selection, utcMs: number): Selection {
  return end === 'from'
    ? { from: Math.min(utcMs, before.to - SHORTEST_MS), to: before.to }
    : { from: before.from, to: Math.max(utcMs, before.from + SHORTEST_MS) };
}
