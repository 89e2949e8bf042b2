// SPDX-License-Identifier: Apache-2.0
// When Chromium shows which picture of a live camera: in the console by WebRTC and by the socket, and in hls.js.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { BASE_URL, type Browser, get, openBrowser, signIn, waitUntil } from './browser';
import { aheadOf, LOOP, type Sampled, teachSampling } from './frameStrip';

interface Frame {
  /** Of the picture's own clock, in pictures. */
  ticks: number;
  /** When it was handed to the compositor, of the wall clock. */
  atMs: number;
  /** Of some of those after the others what they show: reading pixels takes as long as a picture lasts, and holds up the player. */
  sampled?: Sampled;
  /** Whether nothing was read while it came. */
  undisturbed: boolean;
}

interface Scope {
  nxvmsSample(picture: HTMLVideoElement): Sampled;
  nxvmsFrames: Frame[];
}

const SECONDS = Number(process.env.LATENCY_SECONDS ?? '20');
const FILE = process.env.BENCH_FILE ?? 'latency.json';
/** Players find their place in time first: how late pictures come while a page begins is remembered for ten seconds. */
const SETTLE_MS = 15_000;
const PICTURE_MS = 40;
/** After what is measured: which number belongs to which time. */
const SAMPLED_MS = 3_000;

const shown: Record<string, { number: number; atMs: number }[]> = {};

async function cameraOf(browser: Browser): Promise<string> {
  await signIn(browser.page);
  await browser.page.getByTestId('wall').waitFor();
  return waitUntil(browser.page, 'a camera that records', async () => {
    const { items } = await get<{ items: { id: string; status: { state: string } }[] }>(
      browser.page,
      '/api/v1/cameras',
    );
    return items.find(({ status }) => status.state === 'recording')?.id;
  });
}

/** Follows the video in an element. */
async function follow({ page }: Browser, selector: string): Promise<Frame[]> {
  await teachSampling(page);
  await page.waitForTimeout(SETTLE_MS);
  await page.evaluate(
    ({ selector, pictureMs, measuredMs }) => {
      const scope = window as unknown as Scope;
      const videos = [...document.querySelectorAll<HTMLVideoElement>(`${selector} video`)];
      const video = videos.find((candidate) => candidate.style.opacity !== '0' && candidate.videoWidth > 0);
      if (!video) {
        throw new Error('no picture to follow');
      }
      const frames: Frame[] = [];
      scope.nxvmsFrames = frames;
      let firstTicks: number | undefined;
      const sampledFromMs = performance.now() + measuredMs;
      const see = (_: number, about: VideoFrameCallbackMetadata) => {
        const ticks = about.rtpTimestamp ?? about.mediaTime * 90_000;
        firstTicks ??= ticks;
        const undisturbed = performance.now() < sampledFromMs;
        const since = about.rtpTimestamp === undefined ? ticks - firstTicks : (ticks - firstTicks) >>> 0;
        frames.push({
          ticks: Math.round(since / 90 / pictureMs),
          atMs: performance.timeOrigin + about.presentationTime,
          sampled: !undisturbed && frames.length % 5 === 0 ? scope.nxvmsSample(video) : undefined,
          undisturbed,
        });
        video.requestVideoFrameCallback(see);
      };
      video.requestVideoFrameCallback(see);
    },
    { selector, pictureMs: PICTURE_MS, measuredMs: SECONDS * 1_000 },
  );
  await page.waitForTimeout(SECONDS * 1_000 + SAMPLED_MS);
  return page.evaluate(() => (window as unknown as Scope).nxvmsFrames);
}

/** Which picture was shown when. */
function numbered(frames: Frame[]): { number: number; atMs: number }[] {
  const ahead = aheadOf(frames);
  expect(ahead).not.toBeNaN();
  return frames
    .filter(({ undisturbed }) => undisturbed)
    .map(({ ticks, atMs }) => ({ number: (ahead + ticks) % LOOP, atMs }));
}

it.each(['webrtc', 'ws'] as const)('in the console by %s', async (way) => {
  const browser = await openBrowser();
  try {
    if (way === 'ws') {
      await browser.page.route('**/whep*', (route) => route.abort());
    }
    const camera = await cameraOf(browser);
    await browser.page.getByTestId(`tree-camera-${camera}`).click();
    await waitUntil(
      browser.page,
      `a picture by ${way}`,
      async () => (await browser.page.getByTestId('tile-badge').first().getAttribute('data-way')) === way,
    );
    shown[way] = numbered(await follow(browser, '[data-testid="tile-0"]'));
  } finally {
    await browser.close();
  }
});

it('in hls.js', async () => {
  const browser = await openBrowser();
  try {
    const camera = await cameraOf(browser);
    const url = `${BASE_URL}/latency.html`;
    await browser.page.route(url, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><title>hls.js</title><body><div id="holder"><video muted autoplay></video></div></body>',
      }),
    );
    await browser.page.goto(url);
    const require = createRequire(import.meta.url);
    await browser.page.addScriptTag({ path: require.resolve('hls.js/dist/hls.min.js') });
    await browser.page.evaluate((playlist) => {
      const hls = new (window as any).Hls();
      hls.loadSource(playlist);
      hls.attachMedia(document.querySelector('video'));
    }, `/media/v1/live/${camera}/index.m3u8?stream=main`);
    await browser.page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
    shown.hlsjs = numbered(await follow(browser, '#holder'));
    writeFileSync(FILE, JSON.stringify(shown));
  } finally {
    await browser.close();
  }
});
