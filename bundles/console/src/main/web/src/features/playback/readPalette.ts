// SPDX-License-Identifier: Apache-2.0
import type { Palette } from './drawTimeline';

/** The timeline's colours, as the styles have them in the present appearance. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    ruler: read('--tl-ruler'),
    text: read('--tl-text'),
    dim: read('--tl-dim'),
    line: read('--tl-line'),
    lane: read('--tl-lane'),
    recorded: read('--tl-recorded'),
    gap: read('--tl-gap'),
    now: read('--tl-now'),
    playhead: read('--tl-playhead'),
    hover: read('--tl-hover'),
    lock: read('--tl-lock'),
    chosen: read('--tl-chosen'),
    bookmark: read('--tl-bookmark'),
    motion: read('--tl-motion'),
    found: read('--tl-found'),
    event: { info: read('--tl-event'), warning: read('--tl-warning'), critical: read('--tl-critical') },
  };
}
