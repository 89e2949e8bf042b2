// SPDX-License-Identifier: Apache-2.0
// Screens that accessibility.spec.ts does not come by on its way: each against axe, and read in German, from right to left
// and on a phone. And what somebody sees who may do little.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE_URL, type Browser, get, openBrowser, send, signIn } from './browser';
import { flaws } from './legible';

/** Its address, what is to be seen there, and what is pressed on the way, each followed by what it opens. */
type Screen = [name: string, path: string, ...testIds: string[]];

/** `:camera` and `:user` are of this server. */
const SCREENS: Screen[] = [
  ['what is urgent', 'live', 'event-bell', 'urgent'],
  ['kept layouts', 'live', 'layouts', 'layout-new', 'layout-form'],
  ['the ways of live pictures', 'live', 'live-settings', 'way-auto'],
  ['what is done with footage', 'playback/:camera', 'footage-menu', 'footage-export'],
  ['a bookmark', 'playback/:camera', 'footage-menu', 'footage-bookmark', 'bookmark-form'],
  ['how much of each day is footage', 'playback/:camera', 'footage-menu', 'footage-coverage', 'coverage-table'],
  ['footage that is removed', 'playback/:camera', 'footage-menu', 'footage-delete', 'removal-from'],
  ['events', 'events', 'events-table'],
  ['events between two moments', 'events?range=between', 'events-to'],
  ['exports', 'exports', 'export-new', 'export-form'],
  ['a package that is verified', 'exports/verify', 'verify-file'],
  ['cameras that are searched for and added', 'cameras', 'camera-add', 'camera-form'],
  ['several cameras that are changed', 'cameras', 'cameras-choose', 'cameras-bulk', 'bulk-form'],
  ['how long footage lasts', 'volumes', 'outlook-open', 'outlook-verdict'],
  ['control of a camera', 'control/:camera', 'control-panel'],
  ['plugins', 'plugins', 'plugin-install', 'plugin-form'],
  ['drivers', 'plugins?view=drivers', 'driver-rtsp'],
  ['receipts', 'plugins?view=receipts', 'plugins-view-receipts'],
  ['trusted certificates', 'plugins?view=trusted', 'trust-add', 'trust-form'],
  ['rights of a user', 'users/:user/rights', 'rights-table'],
  ['roles', 'roles', 'role-add', 'role-form'],
  ['the own account', 'account', 'alerts'],
  ['other servers', 'servers', 'server-add', 'server-form'],
];
/** Routes that accessibility.spec.ts walks over. */
const ELSEWHERE = [
  'live',
  'playback/:cameraId?',
  'cameras',
  'health',
  'volumes',
  'users',
  'sessions',
  'keys',
  'audit',
  'webhooks',
];
const PASSWORD = 'little to be seen here';
const PHONE = { width: 390, height: 844 };

let browser: Browser;
let ids: Record<string, string>;

const at = (path: string) => path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? '');

beforeAll(async () => {
  browser = await openBrowser();
  const { page } = browser;
  await signIn(page);
  await page.getByTestId('wall').waitFor();
  const cameras = await get<{ items: { id: string }[] }>(page, '/api/v1/cameras');
  const users = await get<{ items: { id: string }[] }>(page, '/api/v1/users');
  ids = {
    camera: cameras.items[0]?.id ?? '',
    user: users.items[0]?.id ?? '',
  };
});

afterAll(async () => {
  await browser?.close();
});

describe('screens', () => {
  it('are those of all routes', () => {
    const router = readFileSync('../../bundles/console/src/main/web/src/app/router.tsx', 'utf8');
    const routes = [...router.matchAll(/path: '([^'*]+)'/g)].map(([, route]) => route ?? '');
    const walked = new Set(SCREENS.map(([, path]) => path.split('?')[0]?.split('/')[0]));
    expect(routes.length).toBeGreaterThan(15);
    expect(routes.filter((route) => !ELSEWHERE.includes(route) && !walked.has(route.split('/')[0]))).toEqual([]);
  });

  it.each(SCREENS)('%s', async (_name, path, ...testIds) => {
    const { page } = browser;
    await page.goto(`${BASE_URL}/console/${at(path)}`);
    for (const [n, testId] of testIds.entries()) {
      const part = page.getByTestId(testId).first();
      await part.waitFor();
      if (n < testIds.length - 1) {
        await part.click();
      }
    }
    expect(await flaws(page)).toEqual([]);
  });

  it('stand on a phone at the lower edge, each with its word', async () => {
    const { page } = browser;
    await page.setViewportSize(PHONE);
    await page.goto(`${BASE_URL}/console/events`);
    const words = page.locator('footer nav a span');
    await words.last().waitFor();
    expect(await words.allTextContents()).toEqual(['Live', 'Playback', 'Events', 'Cameras', 'Volumes', 'Health']);
    const box = await page.locator('footer nav').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBe(PHONE.height);
    expect(await page.locator('header nav').count()).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

describe('somebody who may do little', () => {
  it('is told so at pages of others, and nothing is asked for that is refused', async () => {
    const role = 'viewer';
    const admin = browser.page;
    const { id } = await send<{ id: string }>(admin, 'POST', '/api/v1/users', {
      username: `only-${role}`,
      password: PASSWORD,
      role,
      mustChangePassword: false,
    });
    const own = await openBrowser();
    try {
      const { page } = own;
      await page.goto(`${BASE_URL}/console/`);
      await page.getByTestId('login-username').fill(`only-${role}`);
      await page.getByTestId('login-password').fill(PASSWORD);
      await page.getByTestId('login-submit').click();
      await page.getByTestId('wall').waitFor();
      const shown = await page.locator('header nav a').all();
      const led = await Promise.all(shown.map((link) => link.getAttribute('data-testid')));
      expect(led).toEqual(['nav-live', 'nav-playback', 'nav-events', 'nav-cameras']);
      for (const name of ['volumes', 'health', 'exports', 'plugins', 'users', 'roles', 'sessions', 'audit', 'webhooks']) {
        await page.goto(`${BASE_URL}/console/${name}`);
        await page.getByTestId(`${name}-forbidden`).waitFor();
      }
      await page.goto(`${BASE_URL}/console/live`);
      await page.getByTestId('wall').waitFor();
      expect(own.errors).toEqual([]);
    } finally {
      await own.close();
      await send(admin, 'DELETE', `/api/v1/users/${id}`);
    }
  });
});
