// SPDX-License-Identifier: Apache-2.0
// A moment in recorded footage of which the number in the picture is known, by no part of the console's players.
import type { Page } from 'playwright-core';
import { get, waitUntil } from './browser';
import { type Reading, readFirstPicture } from './frameStrip';

/** Of the simulator's pictures. */
export const FRAME_MS = 40;

interface Fragment {
  startMs: number;
  durationMs: number;
  offset: number;
  length: number;
  key: boolean;
  frames: number;
}

/**
 * Whether a second holds 25 pictures here. Where a camera's time is still being pulled to that of the server, by up to a
 * tenth after a late start, moments cannot be told by counting pictures.
 */
const isSteady = (fragments: Fragment[]) =>
  fragments.every((one, n) => {
    const next = fragments[n + 1];
    return !next || Math.abs(next.startMs - one.startMs - one.frames * FRAME_MS) <= 4;
  });

/** A key fragment with some footage behind it, and the number of its first picture as a plain video element shows it. */
export async function anchorOf(page: Page, cameraId: string): Promise<{ fragment: Fragment; first: Reading }> {
  const found = await waitUntil(page, 'some seconds of footage', async () => {
    const now = Date.now();
    const { items } = await get<{ items: { id: string }[] }>(
      page,
      `/api/v1/archive/${cameraId}/segments?from=${now - 3_600_000}&to=${now}&stream=main&limit=100`,
    );
    const segment = items[items.length - 1];
    if (!segment) {
      return undefined;
    }
    const index = await get<{ initId: string; fragments: Fragment[] }>(
      page,
      `/api/v1/archive/segments/${segment.id}/index`,
    );
    const at = index.fragments.findIndex(
      (candidate, n) => n > 0 && candidate.key && isSteady(index.fragments.slice(n, n + 6)),
    );
    const fragment = index.fragments[at];
    return fragment && index.fragments.length > at + 5 ? { segment, index, fragment } : undefined;
  });
  const { segment, index, fragment } = found;
  const first = await readFirstPicture(page, [
    [`/media/v1/init/${index.initId}`],
    [`/media/v1/segments/${segment.id}`, `bytes=${fragment.offset}-${fragment.offset + fragment.length - 1}`],
  ]);
  if (!first) {
    throw new Error('the oracle cannot read the strip');
  }
  return { fragment, first };
}
