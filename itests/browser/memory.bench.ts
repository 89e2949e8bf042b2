// SPDX-License-Identifier: Apache-2.0
// What a page of the console keeps, in figures; no test. See `MemoryBench`, which starts it.
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BASE_URL, type Browser, openBrowser, signIn, waitUntil } from './browser';
import { Exchanges } from './exchanges';
import { growth, type Kept, Keeping } from './keeping';

const FILE = process.env.BENCH_FILE ?? 'memory.json';
const MINUTES = Number(process.env.MINUTES ?? '3');
const EXCHANGES = Number(process.env.EXCHANGES ?? '40');
const KIB = Number(process.env.KIB ?? '66');
const ids = (process.env.CAMERAS ?? '').split(',');
/** So often in each part. */
const LOOKS = 10;
const WARM_MS = 30_000;
/** Exchanges before which growth is not counted: what is needed once. */
const WARM_EXCHANGES = 3;

const figures: Record<string, unknown> = {};
let browser: Browser;
let keeping: Keeping;

beforeAll(async () => {
  browser = await openBrowser();
  keeping = await Keeping.of(browser.page);
  await signIn(browser.page);
  await browser.page.getByTestId('wall').waitFor();
});

afterAll(async () => {
  writeFileSync(FILE, JSON.stringify(figures));
  await browser?.close();
});

const wallIsLive = () =>
  waitUntil(browser.page, 'pictures in all tiles', () =>
    browser.page.evaluate(
      (count) => document.querySelectorAll('[data-testid^="tile-state-"][data-phase="live"]').length >= count,
      ids.length,
    ),
  );

/** Looks again and again while something goes on in between, for as long as a part takes. */
async function looks(goOn: (forMs: number) => Promise<void>): Promise<Kept[]> {
  const seen = [await keeping.look(true)];
  for (let n = 1; n < LOOKS; n++) {
    await goOn((MINUTES * 60_000) / (LOOKS - 1));
    seen.push(await keeping.look(n === LOOKS - 1));
  }
  return seen;
}

it('hours at a wall and at footage, shortened', async () => {
  const { page } = browser;
  await page.evaluate((cells) => {
    const state = { grid: '16', cells, details: false };
    localStorage.setItem('nxvms.wall', JSON.stringify({ state, version: 2 }));
  }, ids);
  await page.goto(`${BASE_URL}/console/live`);
  // All within one document: what one way of showing pictures had is to go when another is taken.
  const wallBy = async (way: string) => {
    await page.getByTestId('live-settings').click();
    await page.getByTestId(`way-${way}`).click();
    await page.keyboard.press('Escape');
    await wallIsLive();
    await page.waitForTimeout(WARM_MS);
    return looks((forMs) => page.waitForTimeout(forMs));
  };
  figures.factor = Math.round((60 / MINUTES) * 10) / 10;
  await wallIsLive();
  figures.wallByWebRtc = growth(await wallBy('webrtc'));
  const wall = await wallBy('ws');
  figures.wallByWebSocket = growth(wall);

  await page.getByTestId('nav-playback').click();
  await page.getByTestId('playback-stage').waitFor();
  let keys = 0;
  const footage = await looks(async (forMs) => {
    const untilMs = Date.now() + forMs;
    do {
      // Back and forth, played in between: what was decoded and buffered is of another place each time.
      for (const key of ['ArrowLeft', 'ArrowLeft', ',', 'ArrowRight', '.', ' ']) {
        await page.keyboard.press(key);
        await page.waitForTimeout(200);
        keys++;
      }
    } while (Date.now() < untilMs);
  });
  figures.footage = { ...growth(footage), keys };

  await page.getByTestId('nav-live').click();
  await wallIsLive();
  await page.waitForTimeout(WARM_MS);
  figures.wallAgain = growth([wall[0] as Kept, await keeping.look(true)]);
  expect(browser.faults).toEqual([]);
}, (3 * MINUTES + 8) * 60_000);

it('an extension that is exchanged again and again', async () => {
  if (EXCHANGES === 0) {
    return;
  }
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/events`);
  await page.getByTestId('events-table').waitFor();
  // The same modules in a page with nothing else: what the browser keeps of each by itself.
  const bare = await openBrowser();
  const exchanges = new Exchanges(page, KIB);
  try {
    const bareKeeping = await Keeping.of(bare.page);
    await exchanges.begin();
    await page.getByTestId('nav-extension-exchanged-page').click();
    await exchanges.seen(0);
    await exchanges.openBare(bare.page);
    let before: Kept | undefined;
    let bareBefore: Kept | undefined;
    for (let version = 1; version <= WARM_EXCHANGES + EXCHANGES; version++) {
      if (version === WARM_EXCHANGES + 1) {
        before = await keeping.look(true);
        bareBefore = await bareKeeping.look(true);
      }
      await exchanges.exchange(version);
      await exchanges.seen(version);
      await exchanges.showBare(bare.page);
    }
    figures.exchanges = {
      times: EXCHANGES,
      console: growth([before as Kept, await keeping.look(true)]),
      bare: growth([bareBefore as Kept, await bareKeeping.look(true)]),
    };
  } finally {
    await exchanges.end();
    await bare.close();
  }
});
