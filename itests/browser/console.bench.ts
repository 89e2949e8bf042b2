// SPDX-License-Identifier: Apache-2.0
// What the console is like to work with, in figures; no test. See `ConsoleBench`, which starts it.
import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BareBrowser } from './bareBrowser';
import { BASE_URL, type Browser, openBrowser, signIn, waitUntil } from './browser';
import { readSample, type Sampling, teachSampling } from './frameStrip';

const FILE = process.env.BENCH_FILE ?? 'console.json';
const SEEKS = Number(process.env.SEEKS ?? '40');
const SECONDS = Number(process.env.SECONDS ?? '100');
/** Of the simulator's clip. */
const LOOP_MS = 30_000;
const PICTURE_MS = 40;

/** Cameras with the time by which their clip is behind. */
const cameras = (process.env.CAMERAS ?? '').split(',').map((one) => {
  const [id = '', phaseMs = '0'] = one.split('=');
  return { id, phaseMs: Number(phaseMs) };
});
const ids = cameras.map(({ id }) => id);

/** Times in milliseconds, single figures and words. */
const figures: Record<string, number[] | number | string> = {};
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  writeFileSync(FILE, JSON.stringify(figures));
  await browser?.close();
});

const moment = (beforeMs: number) => encodeURIComponent(new Date(Date.now() - beforeMs).toISOString());

it('its first load', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/`);
  await page.getByTestId('login-submit').waitFor();
  const loaded = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).map(({ name, encodedBodySize }) => ({
      name,
      bytes: encodedBodySize,
    })),
  );
  const kib = (ending: string) =>
    Math.round(loaded.filter(({ name }) => name.endsWith(ending)).reduce((sum, { bytes }) => sum + bytes, 0) / 102.4) / 10;
  figures.firstLoadScriptKiB = kib('.js');
  figures.firstLoadStyleKiB = kib('.css');
  expect(figures.firstLoadScriptKiB).toBeGreaterThan(0);
  await signIn(page);
  await page.getByTestId('wall').waitFor();
});

/** Makes the page note when all tiles of a wall are live, since there has been a wall. */
function noteTheWall(count: number) {
  if (!location.pathname.endsWith('/live')) {
    return;
  }
  const scope = window as unknown as { nxvmsWall: { beganMs?: number; liveMs?: number } };
  scope.nxvmsWall = {};
  const look = (now: number) => {
    const wall = document.querySelector('[data-testid="wall"]');
    if (wall) {
      scope.nxvmsWall.beganMs ??= now;
    }
    if (document.querySelectorAll('[data-testid^="tile-state-"][data-phase="live"]').length >= count) {
      scope.nxvmsWall.liveMs ??= now;
      return;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

const WATCHED_MS = 20_000;
const REST_MS = 5_000;
const rounded = (value: number) => Math.round(value * 10) / 10;

/** Cameras of a wall, and pictures a second of the small stream of each. */
const WALLS = [
  { name: 'wall15', cells: (process.env.CALM ?? '').split(','), fps: 15 },
  { name: 'wall25', cells: ids, fps: 25 },
];

const liveTiles = (count: number) =>
  `document.querySelectorAll('[data-testid^="tile-state-"][data-phase="live"]').length === ${count}`;
const press = (testId: string) => `document.querySelector('[data-testid="${testId}"]').click()`;

/** Which picture each video shows, of all that were handed to the compositor, and since when. */
const NEWEST = `Promise.all([...document.querySelectorAll('video')].map((video) => new Promise((resolve) =>
  video.requestVideoFrameCallback((_, { presentedFrames, presentationTime }) =>
    resolve({ number: presentedFrames, atMs: presentationTime })))))`;

/** All tiles by one way, and at rest. */
async function showBy(bare: BareBrowser, way: string, count: number): Promise<void> {
  await bare.run(press('live-settings'));
  await bare.until(`document.querySelector('[data-testid="way-${way}"]') !== null`);
  await bare.run(press(`way-${way}`));
  await bare.run(`document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))`);
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  await bare.until(liveTiles(count));
}

/** Pictures handed to the compositor a second, and the processor time of the browser meanwhile. */
async function watchTheWall(bare: BareBrowser): Promise<{ pictures: number; percentOfACore: number }> {
  type Newest = { number: number; atMs: number }[];
  const first = await bare.run<Newest>(NEWEST);
  const before = await bare.processorSeconds();
  const beganMs = Date.now();
  await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
  const seconds = (await bare.processorSeconds()) - before;
  const percentOfACore = (seconds / (Date.now() - beganMs)) * 100_000;
  const last = await bare.run<Newest>(NEWEST);
  const pictures = last.map(({ number, atMs }, n) => {
    const from = first[n] ?? { number, atMs };
    return ((number - from.number) * 1_000) / (atMs - from.atMs);
  });
  return { pictures: pictures.reduce((sum, each) => sum + each, 0), percentOfACore };
}

it('what walls cost, by each way, while nothing else is done', async () => {
  const bare = await BareBrowser.signedIn();
  try {
    for (const { name, cells, fps } of WALLS) {
      const kept = JSON.stringify({ state: { grid: '16', cells, details: false }, version: 2 });
      await bare.run(`localStorage.setItem('nxvms.wall', ${JSON.stringify(kept)})`);
      await bare.open('/console/live');
      await bare.until(liveTiles(cells.length));
      for (const way of ['webrtc', 'ws']) {
        await showBy(bare, way, cells.length);
        const { pictures, percentOfACore } = await watchTheWall(bare);
        const figure = `${name}By${way === 'ws' ? 'WebSocket' : 'WebRtc'}`;
        figures[`${figure}PicturesPerSecond`] = rounded(pictures);
        figures[`${figure}PercentMissing`] = rounded((1 - pictures / (cells.length * fps)) * 100);
        figures[`${figure}PercentOfACore`] = rounded(percentOfACore);
      }
      figures[`${name}PicturesPerSecondSent`] = cells.length * fps;
    }
  } finally {
    await bare.close();
  }
});

it('a wall of small streams', async () => {
  const { page } = browser;
  await page.evaluate((cells) => {
    const state = { grid: '16', cells, details: false };
    localStorage.setItem('nxvms.wall', JSON.stringify({ state, version: 2 }));
  }, ids);
  await page.addInitScript(noteTheWall, ids.length);
  const came: number[] = [];
  for (let n = 0; n < 5; n++) {
    await page.goto(`${BASE_URL}/console/live`);
    const tookMs = await waitUntil(page, 'pictures in all tiles', () =>
      page.evaluate(() => {
        const { beganMs, liveMs } = (window as unknown as { nxvmsWall: { beganMs?: number; liveMs?: number } }).nxvmsWall;
        return beganMs !== undefined && liveMs !== undefined ? liveMs - beganMs : undefined;
      }),
    );
    came.push(tookMs);
  }
  figures.wallAllPainting = came;
});

/** Answers about the timeline are full, and what is drawn is timed. */
async function fillTimelines(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const scope = window as unknown as { nxvmsDraws: number[] };
    scope.nxvmsDraws = [];
    let draws = false;
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
      draws = true;
      clearRect.apply(this, box);
    };
    const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) =>
      ask((now) => {
        draws = false;
        const began = performance.now();
        callback(now);
        if (draws) {
          scope.nxvmsDraws.push(performance.now() - began);
        }
      });
  });
  await page.route('**/api/v1/timeline*', async (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const from = Number(asked.get('from'));
    const to = Number(asked.get('to'));
    const wanted = (asked.get('cameras') ?? '').split(',');
    const answer = await (await route.fetch()).json();
    const step = (to - from) / 4_000;
    const lane = (cameraId: string) => ({
      ...answer.cameras?.find((one: { cameraId: string }) => one.cameraId === cameraId),
      cameraId,
      spans: Array.from({ length: 4_000 }, (_, n) => [from + n * step, from + (n + 0.6) * step]),
      gaps: Array.from({ length: 1_000 }, (_, n) => ({
        start: from + (4 * n + 0.6) * step,
        end: from + (4 * n + 1) * step,
        cause: 'camera_unreachable',
      })),
    });
    const { cursor: _, delta: __, ...rest } = answer;
    await route.fulfill({ json: { ...rest, cameras: wanted.map(lane), bookmarks: answer.bookmarks ?? [] } });
  });
}

it('a full timeline that is drawn, and zoomed by the wheel', async () => {
  const page = await browser.page.context().newPage();
  try {
    await fillTimelines(page);
    await page.goto(`${BASE_URL}/console/playback/${ids[0]}?t=${moment(20_000)}`);
    const timeline = page.getByTestId('timeline');
    await timeline.waitFor();
    const box = (await timeline.boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const before = Date.now();
    await page.evaluate(() => {
      const scope = window as unknown as { nxvmsDraws: number[]; nxvmsLong: number[]; nxvmsPainted: number };
      scope.nxvmsDraws.length = 0;
      scope.nxvmsLong = [];
      new PerformanceObserver((list) => {
        scope.nxvmsLong.push(...list.getEntries().map(({ duration }) => duration));
      }).observe({ entryTypes: ['longtask'] });
    });
    // Out to thirty days and in again, three times; a turn of the wheel an animation frame, as a hand does it. Sent from here,
    // each turn would wait for an answer to the one before.
    await page.evaluate(async (turns) => {
      const element = document.querySelector('[data-testid="timeline"]');
      const { left, top, width, height } = element?.getBoundingClientRect() ?? new DOMRect();
      for (let n = 0; n < turns; n++) {
        const where = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true };
        element?.dispatchEvent(new WheelEvent('wheel', { ...where, deltaY: n % 60 < 30 ? 120 : -120 }));
        await new Promise(requestAnimationFrame);
      }
    }, 180);
    const seen = await page.evaluate(() => {
      const scope = window as unknown as { nxvmsDraws: number[]; nxvmsLong: number[] };
      return { draws: scope.nxvmsDraws, long: scope.nxvmsLong };
    });
    figures.timelineDraw = seen.draws;
    figures.timelineDrawsPerSecondWhileZooming = Math.round((seen.draws.length / (Date.now() - before)) * 10_000) / 10;
    figures.timelineLongTasks = seen.long.length;
    figures.timelineLongestTaskMs = Math.round(Math.max(0, ...seen.long));
  } finally {
    await page.close();
  }
});

/**
 * How long it takes from a key to the first picture that is another one, in the element: handed to the compositor by a video
 * that is to be seen, or painted on the canvas above it, until the animation frame that shows it.
 */
function untilAnother(page: Page, selector: string, key: string, shiftKey: boolean): Promise<number> {
  return page.evaluate(
    (asked) =>
      new Promise<number>((resolve, reject) => {
        const element = document.querySelector(asked.selector);
        const video = element?.querySelector<HTMLVideoElement>('video');
        const canvas = element?.querySelector<HTMLCanvasElement>('canvas.player-canvas');
        if (!video || !canvas) {
          reject(new Error(`no picture in ${asked.selector}`));
          return;
        }
        const timer = setTimeout(() => reject(new Error(`no other picture after ${asked.key}`)), 20_000);
        const began = performance.now();
        const painting = new MutationObserver(() => requestAnimationFrame(done));
        const done = () => {
          clearTimeout(timer);
          painting.disconnect();
          resolve(performance.now() - began);
        };
        painting.observe(canvas, { attributeFilter: ['data-utc'] });
        const seen = () => (canvas.hidden ? done() : video.requestVideoFrameCallback(seen));
        video.requestVideoFrameCallback(seen);
        const { key, shiftKey } = asked;
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true }));
      }),
    { selector, key, shiftKey },
  );
}

/** Jumps to and fro within what is recorded, and back to where it began. */
async function seeks(page: Page, selector: string, settled: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  const range = Math.min(50, SECONDS / 2);
  let at = 0;
  for (let n = 0; n < SEEKS; n++) {
    const back = at > -range / 10 && (n % 3 !== 2 || at === 0);
    took.push(await untilAnother(page, selector, back ? 'ArrowLeft' : 'ArrowRight', false));
    at += back ? -1 : 1;
    await settled();
  }
  return took;
}

const paused = (page: Page, testId: string) =>
  page.locator(`[data-testid="${testId}"][data-phase="paused"]`).first().waitFor();

it('seeks and steps in the main stream, and how fast it is played', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/playback/${ids[0]}?t=${moment(20_000)}`);
  await paused(page, 'playback-stage');
  const stage = '[data-testid="playback-stage"]';
  figures.seekMain = await seeks(page, stage, () => paused(page, 'playback-stage'));
  const steps: number[] = [];
  for (let n = 0; n < SEEKS; n++) {
    steps.push(await untilAnother(page, stage, n % 10 < 5 ? ',' : '.', false));
    await paused(page, 'playback-stage');
  }
  figures.stepMain = steps;
  figures.speedMain16 = await speed(page, stage, 16, 3_000);
});

/** How fast the moment goes on that a player shows. */
async function speed(page: Page, selector: string, wanted: number, forMs: number): Promise<number> {
  // From far enough back.
  for (let n = 0; n < 6; n++) {
    await page.keyboard.press('ArrowLeft');
  }
  await page.getByTestId('speed').getByText(`${wanted}×`, { exact: true }).click();
  await page.getByTestId('play-button').click();
  await page.waitForTimeout(700);
  const reached = await page.evaluate(
    async (asked) => {
      const clock = document.querySelector<HTMLElement>(`${asked.selector} [data-testid="position-clock"]`);
      const read = () => ({ utc: Number(clock?.dataset.utc), at: performance.now() });
      const first = read();
      await new Promise((resolve) => setTimeout(resolve, asked.forMs));
      const last = read();
      return (last.utc - first.utc) / (last.at - first.at);
    },
    { selector, forMs },
  );
  await page.getByTestId('play-button').click();
  await page.getByTestId('speed').getByText('1×', { exact: true }).click();
  return Math.round(reached * 100) / 100;
}

/** Where each camera is within the loop that all show, by what is painted into its picture. */
async function readAll(page: Page, of: typeof cameras): Promise<number[]> {
  const sampled = await page.evaluate(
    (wanted) =>
      wanted.map((id) => {
        const { nxvmsPicture, nxvmsSample } = window as unknown as Sampling;
        const picture = nxvmsPicture(`[data-testid="together-${id}"]`);
        return picture && nxvmsSample(picture);
      }),
    of.map(({ id }) => id),
  );
  return sampled.flatMap((one, n) => {
    const reading = one && readSample(one);
    const phaseMs = of[n]?.phaseMs ?? 0;
    return reading ? [(((phaseMs + reading.number * PICTURE_MS) % LOOP_MS) + LOOP_MS) % LOOP_MS] : [];
  });
}

/** How far apart the first and the last are, around the loop. */
function apart(moments: number[]): number {
  const sorted = [...moments].sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  // The largest hole is outside.
  const holes = sorted.map((one, n) => (sorted[n + 1] ?? first + LOOP_MS) - one);
  return LOOP_MS - Math.max(...holes);
}

async function openTogether(page: Page, count: number): Promise<typeof cameras> {
  const shown = cameras.slice(0, count);
  const list = shown.map(({ id }) => id).join(',');
  await page.goto(`${BASE_URL}/console/playback?cameras=${list}&t=${moment(SECONDS * 600)}`);
  for (const { id } of shown) {
    await paused(page, `together-${id}`);
  }
  await teachSampling(page);
  return shown;
}

async function skews(page: Page, of: typeof cameras, looks: number): Promise<{ skew: number[]; read: number }> {
  const skew: number[] = [];
  let read = 0;
  for (let n = 0; n < looks; n++) {
    const moments = await readAll(page, of);
    read += moments.length;
    if (moments.length > 1) {
      skew.push(apart(moments));
    }
    await page.waitForTimeout(250);
  }
  return { skew, read: read / (looks * of.length) };
}

it('five cameras together: seeks and speeds of the small stream', async () => {
  const { page } = browser;
  const shown = await openTogether(page, 5);
  const first = `[data-testid="together-${shown[0]?.id}"]`;
  const all = async () => {
    for (const { id } of shown) {
      await paused(page, `together-${id}`);
    }
  };
  figures.seekSubOfFive = await seeks(page, first, all);
  figures.speedSubOfFive16 = await speed(page, first, 16, 2_000);
});

it('all cameras together: how far apart they are', async () => {
  const { page } = browser;
  const began = Date.now();
  const shown = await openTogether(page, cameras.length);
  figures.togetherOpenMs = Date.now() - began;
  const still = await skews(page, shown, 4);
  figures.togetherSkewStill = still.skew;
  figures.togetherReadStill = Math.round(still.read * 1000) / 1000;
  await page.getByTestId('play-button').click();
  await page.waitForTimeout(4_000);
  const playing = await skews(page, shown, 40);
  figures.togetherSkewPlaying = playing.skew;
  figures.togetherReadPlaying = Math.round(playing.read * 1000) / 1000;
  await page.getByTestId('play-backwards').click();
  await page.waitForTimeout(4_000);
  const backwards = await skews(page, shown, 40);
  figures.togetherSkewBackwards = backwards.skew;
  figures.togetherReadBackwards = Math.round(backwards.read * 1000) / 1000;
  expect(figures.togetherSkewStill.length).toBeGreaterThan(0);
});
