// SPDX-License-Identifier: Apache-2.0
// The age of a live picture that its badge tells, beside that which follows from the number burned into the picture: the simulator
// takes picture n of a camera n pictures after the whole half minute, plus the camera's phase.
import { expect, it } from 'vitest';
import { type Browser, get, openBrowser, signIn, waitUntil } from './browser';
import { LOOP, readSample, RENDITION, type Sampled, type Sampling, teachSampling } from './frameStrip';

/** One picture, as it was seen. */
interface Look {
  sampled: Sampled;
  /** When it was handed to the compositor, wall clock. */
  atMs: number;
  /** What the badge said then. */
  toldMs: number;
}

const CAMERA = 'Simulated camera 01';
const PHASE_MS = Number(process.env.CAMERA_PHASE_MS ?? '0');
const PICTURE_MS = 40;
const LOOP_MS = LOOP * PICTURE_MS;
const LOOKS = 40;
const TRUE_MS = 50;

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Every fifth picture of a tile, for reading pixels holds the player up. */
async function look({ page }: Browser): Promise<Look[]> {
  await teachSampling(page);
  return page.evaluate(
    (count) =>
      new Promise<Look[]>((done) => {
        const { nxvmsPicture, nxvmsSample } = window as unknown as Sampling;
        const video = nxvmsPicture('[data-testid="tile-0"]') as HTMLVideoElement;
        const looks: Look[] = [];
        let pictures = 0;
        const see = (_: number, about: VideoFrameCallbackMetadata) => {
          const told = document.querySelector<HTMLElement>('[data-testid="tile-badge"]')?.dataset.latency;
          if (pictures++ % 5 === 0 && told !== undefined) {
            looks.push({
              sampled: nxvmsSample(video),
              atMs: performance.timeOrigin + about.presentationTime,
              toldMs: Number(told),
            });
          }
          if (looks.length < count) {
            video.requestVideoFrameCallback(see);
          } else {
            done(looks);
          }
        };
        video.requestVideoFrameCallback(see);
      }),
    LOOKS,
  );
}

it.each(['webrtc', 'ws'] as const)('the badge tells the age of the picture within 50 ms by %s', async (way) => {
  const browser = await openBrowser();
  try {
    const { page } = browser;
    if (way === 'ws') {
      await page.route('**/whep*', (route) => route.abort());
    }
    await signIn(page);
    await page.getByTestId('wall').waitFor();
    const camera = await waitUntil(page, 'the camera records', async () => {
      const { items } = await get<{ items: { id: string; name: string; status: { state: string } }[] }>(
        page,
        '/api/v1/cameras',
      );
      return items.find(({ name, status }) => name === CAMERA && status.state === 'recording')?.id;
    });
    await page.getByTestId('wall-clear').click();
    await page.getByTestId(`tree-camera-${camera}`).click();
    await page.getByTestId('tile-0').dblclick();
    await waitUntil(
      page,
      `the age of the main stream by ${way}`,
      async () =>
        (await page.getByTestId('tile-badge').first().getAttribute('data-way')) === way &&
        (await page.getByTestId('tile-badge').first().getAttribute('data-latency')) !== null &&
        (await page.getByTestId('tile-state-0').getAttribute('data-stream')) === 'main',
    );
    const looks = await look(browser);
    const off: number[] = [];
    for (const { sampled, atMs, toldMs } of looks) {
      const reading = readSample(sampled);
      if (reading?.rendition === RENDITION.main) {
        const age = atMs - PHASE_MS - reading.number * PICTURE_MS;
        const truth = ((age % LOOP_MS) + LOOP_MS) % LOOP_MS;
        off.push(toldMs - truth);
      }
    }
    expect(off.length, 'pictures whose number could be read').toBeGreaterThan(LOOKS / 2);
    expect(Math.abs(median(off)), `told ${off.map(Math.round).join(' ')} ms too much`).toBeLessThanOrEqual(TRUE_MS);
  } finally {
    await browser.close();
  }
});
