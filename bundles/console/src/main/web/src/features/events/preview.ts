// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { getJson } from '../../api/client';
import type { TimelineAnswer } from '../../api/types';

/** What was to be seen from shortly before it happened until it was over, or clearly on. */
const BEFORE_MS = 2_000;
const AFTER_MS = 6_000;
/** The server takes moments down to whole seconds. */
const GRID_MS = 1_000;
/** Who does not answer lets the next have its turn. */
const TURN_MS_MAX = 5_000;

/** Of all previews one plays. */
interface Preview {
  /** The event's id. */
  of?: string;
  show: (id: string) => void;
  hide: (id: string) => void;
}

export const usePreview = create<Preview>()((set) => ({
  show: (of) => set({ of }),
  hide: (id) => set((state) => (state.of === id ? { of: undefined } : state)),
}));

/** Pictures of rows, one after the other: the server makes one at a time, and live tiles want the connections too. */
class Turns {
  private readonly waiting: { run: () => Promise<void>; signal: AbortSignal }[] = [];
  private running = false;

  add(run: () => Promise<void>, signal: AbortSignal): void {
    this.waiting.push({ run, signal });
    if (!this.running) {
      void this.drain();
    }
  }

  private async drain(): Promise<void> {
    this.running = true;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      // A row that was scrolled away wants nothing any more.
      if (!next.signal.aborted) {
        await Promise.race([next.run().catch(() => undefined), waited(TURN_MS_MAX)]);
      }
    }
    this.running = false;
  }
}

const waited = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export const turns = new Turns();

/** Instants around an event at which there is footage, so that nothing is asked for that is not there. */
export async function instantsOf(cameraId: string, startMs: number, signal: AbortSignal): Promise<number[]> {
  const from = Math.floor((startMs - BEFORE_MS) / GRID_MS) * GRID_MS;
  const to = from + BEFORE_MS + AFTER_MS;
  const answer = await getJson<TimelineAnswer>(
    `/api/v1/timeline?cameras=${encodeURIComponent(cameraId)}&from=${from}&to=${to}&buckets=${(to - from) / GRID_MS}&stream=auto`,
    signal,
  );
  const spans = answer.cameras.find((lane) => lane.cameraId === cameraId)?.spans ?? [];
  return Array.from({ length: (to - from) / GRID_MS }, (_, n) => from + n * GRID_MS).filter((at) =>
    spans.some(([start, end]) => at >= start && at < end),
  );
}

/** The one that tells most of it: where it begins, or the next there is. */
export const chiefOf = (instants: readonly number[], startMs: number): number | undefined =>
  instants.find((at) => at + GRID_MS > startMs) ?? instants.at(-1);

export const pictureOf = (cameraId: string, atMs: number, width: 160 | 320): string =>
  `/media/v1/archive/${encodeURIComponent(cameraId)}/thumbnail.jpg?at=${atMs}&width=${width}&stream=auto`;
