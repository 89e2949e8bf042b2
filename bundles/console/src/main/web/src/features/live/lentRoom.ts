// SPDX-License-Identifier: Apache-2.0

/** Marks the wall, whose tiles share its height. */
export const WALL = { 'data-wall': true };
/** Marks what has room of the wall for a while, beside it. */
export const LENT = { 'data-lent': true };

/**
 * How many times as high a tile is while the wall has all of its room. By that its stream is chosen: what is shown below the
 * wall for a minute is to change no stream, since each one begins anew and that just when it is looked at.
 */
export function lentShare(tile: Element): number {
  const wall = tile.closest<HTMLElement>('[data-wall]');
  const lent = wall?.parentElement?.querySelector<HTMLElement>('[data-lent]');
  // On a phone tiles have their own height, and the wall scrolls.
  if (!wall || !lent || wall.offsetHeight === 0 || getComputedStyle(wall).display !== 'grid') {
    return 1;
  }
  return (wall.offsetHeight + lent.offsetHeight) / wall.offsetHeight;
}
