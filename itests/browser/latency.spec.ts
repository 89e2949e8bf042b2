// SPDX-License-Identifier: Apache-2.0
// The age of a live picture that its badge tells, beside that which follows from the number burned into the picture: the simulator
// takes picture n of a camera n pictures after the whole half minute, plus the camera's phase.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { get, openBrowser, signIn, waitUntil } from './browser';
import { aheadOf, LOOP, readSample, RENDITION, type Sampled, type Sampling, teachSampling } from './frameStrip';

/** What the browser says of a picture. */
interface Told {
  /** Of the picture's own clock. */
  clockMs: number;
  /** When it was handed to the compositor, wall clock. */
  atMs: number;
}

/** The badge as it was renewed. */
interface Renewal {
  toldMs: number;
  /** What was shown then. */
  shown: Told;
  /** The one after that, and its pixels. */
  next: Told;
  sampled: Sampled;
}

interface Camera {
  id: string;
  name: string;
  status: { state: string };
}

const CAMERA = 'Simulated camera 01';
const PHASE_MS = Number(process.env.CAMERA_PHASE_MS ?? '0');
const PICTURE_MS = 40;
const LOOP_MS = LOOP * PICTURE_MS;
const TRUE_MS = 50;
/** In a row. A busy machine may spoil some; a badge that is wrong never has them. */
const RENEWALS = 8;
/** It is renewed once a second. */
const RENEWALS_MS = 3_000 * RENEWALS;
const PATIENCE_MS = 90_000;

/** What users read in the badge, each time it is written anew, with the picture that is shown then. */
async function renewals(page: Page): Promise<Renewal[]> {
  await teachSampling(page);
  return page.evaluate(
    ([count, limitMs]) =>
      new Promise<Renewal[]>((done) => {
        const { nxvmsPicture, nxvmsSample } = window as unknown as Sampling;
        const video = nxvmsPicture('[data-testid="tile-0"]');
        const badge = document.querySelector<HTMLElement>('[data-testid="tile-badge"]');
        const seen: Renewal[] = [];
        if (!(video instanceof HTMLVideoElement) || !badge) {
          requestAnimationFrame(() => done(seen));
          return;
        }
        let shown: Told | undefined;
        let renewed: { toldMs: number; shown: Told } | undefined;
        const watching = new MutationObserver(() => {
          const told = /(\d+) ms/.exec(badge.innerText)?.[1];
          renewed = shown && told !== undefined ? { toldMs: Number(told), shown } : undefined;
        });
        const end = () => {
          watching.disconnect();
          clearTimeout(timer);
          done(seen);
        };
        const timer = setTimeout(end, limitMs);
        const see = (_: number, about: VideoFrameCallbackMetadata) => {
          shown = {
            clockMs: about.rtpTimestamp === undefined ? about.mediaTime * 1_000 : about.rtpTimestamp / 90,
            atMs: performance.timeOrigin + about.presentationTime,
          };
          if (renewed) {
            // Reading pixels holds the player up, so it is of the next picture and after the badge was read.
            seen.push({ ...renewed, next: shown, sampled: nxvmsSample(video) });
            renewed = undefined;
          }
          if (seen.length === count) {
            end();
          } else {
            video.requestVideoFrameCallback(see);
          }
        };
        video.requestVideoFrameCallback(see);
        watching.observe(badge, { attributes: true, characterData: true, childList: true, subtree: true });
      }),
    [RENEWALS, RENEWALS_MS] as const,
  );
}

/** How much older than it is the badge said the picture was, each time. */
function offs(seen: Renewal[]): number[] {
  const pictures = ({ clockMs }: Told) => Math.round((clockMs - (seen[0]?.next.clockMs ?? 0)) / PICTURE_MS);
  const main = seen.filter(({ sampled }) => readSample(sampled)?.rendition === RENDITION.main);
  const ahead = aheadOf(main.map(({ next, sampled }) => ({ ticks: pictures(next), sampled })));
  return main.map(({ toldMs, shown }) => {
    const age = shown.atMs - PHASE_MS - (ahead + pictures(shown)) * PICTURE_MS;
    return Math.round(toldMs - (((age % LOOP_MS) + LOOP_MS) % LOOP_MS));
  });
}

const isTrue = (off: number[]) => off.length === RENEWALS && off.every((ms) => Math.abs(ms) <= TRUE_MS);

it.each(['webrtc', 'ws'] as const)(
  'the badge tells the age of the picture within 50 ms by %s',
  async (way) => {
    const browser = await openBrowser();
    try {
      const { page } = browser;
      if (way === 'ws') {
        await page.route('**/whep*', (route) => route.abort());
      }
      await signIn(page);
      await page.getByTestId('wall').waitFor();
      const camera = await waitUntil(page, 'the camera records', async () => {
        const { items } = await get<{ items: Camera[] }>(page, '/api/v1/cameras');
        return items.find(({ name, status }) => name === CAMERA && status.state === 'recording')?.id;
      });
      await page.getByTestId('wall-clear').click();
      await page.getByTestId(`tree-camera-${camera}`).click();
      await page.getByTestId('tile-0').dblclick();
      await page.locator('[data-testid=tile-state-0][data-stream=main]').waitFor({ state: 'attached' });
      await page.locator(`[data-testid=tile-badge][data-way=${way}][data-latency]`).waitFor();
      const until = Date.now() + PATIENCE_MS;
      const told: number[][] = [];
      do {
        told.push(offs(await renewals(page)));
      } while (!isTrue(told.at(-1) ?? []) && Date.now() < until);
      expect(told.at(-1), `told too much by so many ms: ${told.join(' | ')}`).toSatisfy(isTrue);
    } finally {
      await browser.close();
    }
  },
  2 * PATIENCE_MS,
);
