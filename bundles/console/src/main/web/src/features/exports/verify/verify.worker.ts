// SPDX-License-Identifier: Apache-2.0
import { verify } from 'virtual:nxvms-verifier';
import type { Told } from './useVerifier';

/** As the page sees it move. */
const STEP = 0.005;

const tell = (what: Told) => postMessage(what);

addEventListener('message', async ({ data }: MessageEvent<Blob>) => {
  let last = 0;
  try {
    const report = await verify(data, '', (part) => {
      if (part - last >= STEP) {
        last = part;
        tell({ kind: 'progress', part });
      }
    });
    tell({ kind: 'done', report });
  } catch (failed) {
    tell({ kind: 'failed', why: failed instanceof Error ? failed.message : String(failed) });
  }
});
