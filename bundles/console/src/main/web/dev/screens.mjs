// SPDX-License-Identifier: Apache-2.0
import { ADMINISTRATION } from './screens/administration.mjs';
import { LIVE } from './screens/live.mjs';
import { PLAYBACK } from './screens/playback.mjs';

/**
 * A screen that `look.mjs` takes pictures of, and how one gets there. `page` is signed in but for `login`; `scene.cameras`
 * are those of the server, each with its newest footage.
 *
 * @typedef {{name: string, open: (page: import('playwright-core').Page, scene: any) => Promise<void>}} Screen
 */

/** @type {Screen[]} */
export const SCREENS = [...LIVE, ...PLAYBACK, ...ADMINISTRATION];
