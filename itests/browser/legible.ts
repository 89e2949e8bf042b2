// SPDX-License-Identifier: Apache-2.0
// A screen against axe's rules of WCAG 2.2 A and AA, and read in German, on a phone and from right to left.
import type { Page } from 'playwright-core';
import { cutTexts } from '../../bundles/console/src/main/web/dev/cut.mjs';
import { breaches } from './axe';

/** Once what opens, closes or moves has done so: what is half faded in has no contrast. */
const settled = (page: Page) =>
  page.waitForFunction(
    () =>
      document
        .getAnimations()
        .every((animation) => !(animation instanceof CSSTransition) || animation.playState !== 'running') &&
      [...document.querySelectorAll('[role=menu], [role=dialog]')].every(
        (opened) => !opened.checkVisibility() || getComputedStyle(opened).opacity === '1',
      ),
  );

/** What on this screen is against a rule of axe, or cannot be read. */
export async function flaws(page: Page): Promise<string[]> {
  await settled(page);
  return [...(await breaches(page)), ...(await unreadable(page))];
}

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** A page that is laid out anew takes its time: what is cut for longer than that is cut. */
const LAID_OUT_MS = 30_000;
/** A look takes its time too: on a slow machine one may use up all of it. */
const LOOKS_MIN = 5;

/** Texts that are cut off where there is more to say, less room, or the other side to begin at. */
async function unreadable(page: Page): Promise<string[]> {
  const found: string[] = [];
  const read = async (how: string) => {
    const until = Date.now() + LAID_OUT_MS;
    let cut: string[];
    let looks = 0;
    do {
      await painted(page);
      await settled(page);
      cut = await cutTexts(page);
      looks++;
    } while (cut.length > 0 && (looks < LOOKS_MIN || Date.now() < until));
    found.push(...cut.map((text) => `${how}: ${text}`));
  };
  await speak(page, 'de');
  await read('German');
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
  await read('from right to left');
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'ltr'));
  await page.setViewportSize(PHONE);
  await read('German, on a phone');
  await page.setViewportSize(DESK);
  await speak(page, 'en');
  await settled(page);
  return found;
}

/** As another window of the console tells it, so that what is open stays open. */
async function speak(page: Page, language: string) {
  await page.evaluate((newValue) => {
    window.dispatchEvent(new StorageEvent('storage', { key: 'nxvms.language', newValue }));
  }, language);
  await page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' });
  await painted(page);
}

/** Twice: what one picture has set off is in the next. */
const painted = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
