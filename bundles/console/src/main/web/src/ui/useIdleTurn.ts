// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';

/** Later it comes though the browser has no time. */
const PATIENCE_MS = 500;
/** Not in every browser; where it is not, nothing waits. */
const KNOWN = 'requestIdleCallback' in globalThis;

const waiting = new Set<() => void>();
let asked = false;

function next(): void {
  if (asked || waiting.size === 0) {
    return;
  }
  asked = true;
  requestIdleCallback(
    () => {
      asked = false;
      const [turn] = waiting;
      if (turn) {
        waiting.delete(turn);
        turn();
      }
      next();
    },
    { timeout: PATIENCE_MS },
  );
}

/** @returns what gives the turn up */
function queue(turn: () => void): () => void {
  waiting.add(turn);
  next();
  return () => {
    waiting.delete(turn);
  };
}

/**
 * Whether it is time for what nobody waits for: one after the other, whenever the browser has nothing else to do. Many of them in
 * one go would hold up what is waited for.
 */
export function useIdleTurn(): boolean {
  const [come, setCome] = useState(!KNOWN);
  useEffect(() => (come ? undefined : queue(() => setCome(true))), [come]);
  return come;
}
