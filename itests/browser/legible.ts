// SPDX-License-Identifier: Apache-2.0
// A screen against axe's rules of WCAG 2.2 A and AA, dark and light, and read in German, on a phone and from right to left;
// a picture of each of them is kept in the folder SCREENS, if there is one.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { cutTexts } from '../../bundles/console/src/main/web/dev/cut.mjs';
import { breaches, faint } from './axe';

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
  const keep = keeper(page);
  await keep('dark');
  return [...(await breaches(page)), ...(await inLight(page, keep)), ...(await unreadable(page, keep))];
}

type Keep = (how: string) => Promise<void>;

/** How often a test has looked at screens: each look has pictures of its own. */
const looks = new Map<string, number>();

/** Keeps pictures of a screen under the name of the test. */
function keeper(page: Page): Keep {
  const folder = process.env.SCREENS;
  const test = (expect.getState().currentTestName ?? '').replace(/[^\p{L}\p{N}]+/gu, '-');
  const look = (looks.get(test) ?? 0) + 1;
  looks.set(test, look);
  return async (how) => {
    if (folder) {
      const path = join(folder, `${test}-${look}-${how}.jpg`);
      await page.screenshot({ path, type: 'jpeg', quality: 70, animations: 'allow', caret: 'initial' });
    }
  };
}

/** What cannot be told from its ground in the light appearance. */
async function inLight(page: Page, keep: Keep): Promise<string[]> {
  await appear(page, 'light');
  await keep('light');
  const found = await faint(page);
  await appear(page, 'dark');
  return found.map((what) => `light: ${what}`);
}

/** As another window of the console tells it, so that what is open stays open. */
async function appear(page: Page, scheme: 'dark' | 'light') {
  await page.evaluate((newValue) => {
    const key = 'mantine-color-scheme-value';
    window.dispatchEvent(new StorageEvent('storage', { key, newValue, storageArea: localStorage }));
  }, scheme);
  await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: 'attached' });
  await painted(page);
  await settled(page);
}

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** A page that is laid out anew takes its time: what is cut for longer than that is cut. */
const LAID_OUT_MS = 30_000;
/** A look takes its time too: on a slow machine one may use up all of it. */
const LOOKS_MIN = 5;

/** Texts that are cut off where there is more to say, less room, or the other side to begin at. */
async function unreadable(page: Page, keep: Keep): Promise<string[]> {
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
  await keep('phone');
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
