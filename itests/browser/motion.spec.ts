// SPDX-License-Identifier: Apache-2.0
// Motion in recorded pictures: figures walk about in the lower part of what simulated cameras see, a wall above stands still.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breaches } from './axe';
import { BASE_URL, type Browser, get, openBrowser, send, signIn, waitUntil } from './browser';

interface Camera {
  id: string;
  status: { state: string };
}

const FIGURES = { left: 0.1, top: 0.4, right: 0.9, bottom: 0.9 };
const WALL = { left: 0.6, top: 0.12, right: 0.9, bottom: 0.28 };
const FOOTAGE_MS = 12_000;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };

let browser: Browser;
let camera: string;

const until = <T>(what: string, ask: () => Promise<T | undefined | false>) => waitUntil(browser.page, what, ask);

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
});

/** Draws the only box there is, with the mouse. */
async function draw(box: typeof FIGURES) {
  const { page } = browser;
  const remove = page.getByTestId(`motion-area-remove-${camera}-1`);
  if (await remove.isVisible()) {
    await remove.click();
  }
  const stage = page.getByTestId(`motion-area-stage-${camera}`);
  await stage.locator('img[data-shown]').waitFor();
  await stage.scrollIntoViewIfNeeded();
  const seen = await stage.boundingBox();
  if (!seen) {
    throw new Error('there is no picture to draw on');
  }
  await page.mouse.move(seen.x + box.left * seen.width, seen.y + box.top * seen.height);
  await page.mouse.down();
  await page.mouse.move(seen.x + box.right * seen.width, seen.y + box.bottom * seen.height, { steps: 4 });
  await page.mouse.up();
  await page.getByTestId(`motion-area-${camera}-1`).waitFor();
}

async function search() {
  const { page } = browser;
  await page.getByTestId('motion-begin').click();
  await page.locator('[data-testid=motion-panel][data-state=done]').waitFor();
  return page.getByTestId('motion-found').locator('li').count();
}

describe('motion', () => {
  it('is found in the box it happens in, shown in red on the timeline, and played', async () => {
    const { page } = browser;
    await signIn(page);
    await page.getByTestId('wall').waitFor();
    camera = await until('a camera that records', async () => {
      const { items } = await get<{ items: Camera[] }>(page, '/api/v1/cameras');
      return items.find(({ status }) => status.state === 'recording')?.id;
    });
    const first = await until('some seconds of footage', async () => {
      const range = await get<{ first?: number; last?: number }>(page, `/api/v1/archive/${camera}/range`);
      return (range.last ?? 0) - (range.first ?? 0) > FOOTAGE_MS ? range.first : undefined;
    });
    await page.goto(`${BASE_URL}/console/playback/${camera}?t=${new Date((first ?? 0) + 6_000).toISOString()}`);
    await page.locator('[data-testid=playback-stage][data-phase=paused]').waitFor();
    await page.keyboard.press('m');
    await draw(FIGURES);
    expect(await search()).toBeGreaterThan(0);
    const timeline = page.getByTestId('timeline');
    await until('what was found is on the timeline', async () => Number(await timeline.getAttribute('data-found')) > 0);
    await until('how much moves is on the timeline', async () => Number(await timeline.getAttribute('data-moving')) > 0);
    const finding = page.getByTestId('motion-found-1');
    await until('its picture', () =>
      finding.locator('img').evaluate((picture) => (picture as HTMLImageElement).naturalWidth > 0),
    );
    await finding.click();
    await page.locator('[data-testid=playback-stage][data-phase=playing]').waitFor();
    await page.locator('[data-testid=motion-found-1][aria-current=true]').waitFor();
  });

  it('is not found beside it', async () => {
    const { page } = browser;
    await draw(WALL);
    expect(await search()).toBe(0);
    await page.locator('[data-testid=timeline][data-found="0"]').waitFor();
  });

  it('is not found where the motion mask of the camera lies, and found again without it', async () => {
    const { page } = browser;
    const footage = page.url();
    await page.goto(`${BASE_URL}/console/control/${camera}`);
    await page.getByTestId('control-toggle-motion-mask').click();
    const stage = page.getByTestId(`motion-mask-stage-${camera}`);
    await stage.locator('img[data-shown]').waitFor();
    // All of the picture, by keys: there it is the only box.
    await page.getByTestId(`motion-mask-add-${camera}`).click();
    const box = page.getByTestId(`motion-mask-${camera}-1`);
    await box.focus();
    for (let n = 0; n < 4; n++) {
      await page.keyboard.press('Control+ArrowLeft');
      await page.keyboard.press('Control+ArrowUp');
    }
    for (let n = 0; n < 7; n++) {
      await page.keyboard.press('Control+Shift+ArrowRight');
      await page.keyboard.press('Control+Shift+ArrowDown');
    }
    await page.locator('[data-testid=motion-mask][data-unsaved]').waitFor();
    expect(await breaches(page)).toEqual([]);
    try {
      await page.getByTestId('motion-mask-save').click();
      await page.locator('[data-testid=motion-mask]:not([data-unsaved])').waitFor();

      await page.goto(footage);
      await page.locator('[data-testid=playback-stage][data-phase=paused]').waitFor();
      await page.keyboard.press('m');
      await page.getByTestId(`motion-area-hatched-${camera}`).waitFor({ state: 'attached' });
      await draw(FIGURES);
      expect(await search()).toBe(0);
      await page.getByTestId('motion-masked').waitFor();

      await page.goto(`${BASE_URL}/console/control/${camera}`);
      await page.getByTestId('control-toggle-motion-mask').click();
      await page.getByTestId(`motion-mask-remove-${camera}-1`).click();
      await page.getByTestId('motion-mask-save').click();
      await page.locator('[data-testid=motion-mask]:not([data-unsaved])').waitFor();
      await page.goto(footage);
      await page.locator('[data-testid=playback-stage][data-phase=paused]').waitFor();
      await page.keyboard.press('m');
      await draw(FIGURES);
      expect(await search()).toBeGreaterThan(0);
    } finally {
      // For who comes after, whatever went wrong here.
      await send(page, 'PUT', `/api/v1/motion/masks/${camera}`, { areas: [] });
    }
  });

  it('is searched by everybody: its panel keeps the rules, and fits on a phone', async () => {
    const { page } = browser;
    expect(await breaches(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    await page.getByTestId('motion-begin').scrollIntoViewIfNeeded();
    expect(await page.getByTestId('motion-begin').isVisible()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(await breaches(page)).toEqual([]);
    await page.setViewportSize(DESK);
    await page.getByTestId('motion-close').click();
    await page.getByTestId('motion-panel').waitFor({ state: 'detached' });
    expect(browser.faults).toEqual([]);
  });
});
