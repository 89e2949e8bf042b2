// SPDX-License-Identifier: Apache-2.0
// Every screen of the console against axe's rules of WCAG 2.2 A and AA, and read in German, on a phone and from right to
// left: nothing is cut off. Those of administrators do on the way what they are for.
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ADMIN_PASSWORD,
  BASE_URL,
  type Browser,
  get,
  openBrowser,
  signIn,
  statusFor,
  tokenOfAnother,
} from './browser';
import { flaws } from './legible';

let browser: Browser;
let cameraId: string;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
});

const breaches = () => flaws(browser.page);

it('login', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/`);
  await page.getByTestId('login-submit').waitFor();
  expect(await breaches()).toEqual([]);
});

it('login that was refused', async () => {
  await signIn(browser.page, 'certainly wrong');
  await browser.page.getByTestId('login-error').waitFor();
  expect(await breaches()).toEqual([]);
});

it('live wall', async () => {
  const { page } = browser;
  await signIn(page);
  await page.getByTestId('wall').waitFor();
  const { items } = await get<{ items: { id: string }[] }>(page, '/api/v1/cameras');
  cameraId = items[0]?.id ?? '';
  await page.getByTestId(`tree-camera-${cameraId}`).click();
  await page.locator('[data-testid="tile-0"][data-camera]').waitFor();
  expect(await breaches()).toEqual([]);
});

it('an open menu, the search and the map of keys', async () => {
  const { page } = browser;
  await page.getByTestId('user-menu').click();
  await page.getByRole('menu').waitFor();
  expect(await breaches()).toEqual([]);
  await page.getByTestId('key-map-open').click();
  await page.getByTestId('key-map').waitFor();
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  expect(await breaches()).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByTestId('key-map').waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+k');
  await page.getByTestId(`palette-live-${cameraId}`).waitFor();
  expect(await breaches()).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByTestId('palette-text').waitFor({ state: 'hidden' });
});

it('playback', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/playback/${cameraId}`);
  await page.getByTestId('timeline').waitFor();
  await page.getByTestId('calendar').click();
  await page.locator('[data-testid="calendar-month"][data-loaded="true"]').waitFor();
  expect(await breaches()).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByTestId('calendar-month').waitFor({ state: 'hidden' });
  // A stretch is chosen: its handles are there.
  await page.keyboard.press('[');
  await page.getByTestId('chosen-to').waitFor();
  expect(await breaches()).toEqual([]);
  // And motion is searched in it.
  await page.keyboard.press('m');
  await page.getByTestId(`motion-area-add-${cameraId}`).click();
  await page.getByTestId('motion-begin').click();
  await page.locator('[data-testid=motion-panel][data-state=done]').waitFor();
  expect(await breaches()).toEqual([]);
  await page.getByTestId('motion-close').click();
});

it('footage that shall be locked', async () => {
  const { page } = browser;
  await page.getByTestId('footage-menu').click();
  await page.getByTestId('footage-lock').click();
  await page.getByTestId('lock-from').waitFor();
  // The menu it was chosen from goes behind the dialog.
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  expect(await breaches()).toEqual([]);
  await page.keyboard.press('Escape');
});

it('cameras', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/cameras`);
  await page.getByTestId(`camera-row-${cameraId}`).waitFor();
  expect(await breaches()).toEqual([]);
});

it('a camera that is edited, with settings of its driver, a schedule and events', async () => {
  const { page } = browser;
  await page.getByTestId(`camera-edit-${cameraId}`).click();
  await page.getByTestId('camera-form').waitFor();
  await page.getByTestId('driver-settings-toggle').click();
  await page.getByTestId('setting-transport').waitFor();
  await page.getByTestId('camera-main-mode').click();
  await page.getByRole('option', { name: 'Schedule' }).click();
  await page.getByTestId('week-grid').waitFor();
  expect(await breaches()).toEqual([]);
  await page.keyboard.press('Escape');
});

it('a camera that shall be deleted', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/cameras`);
  await page.getByTestId(`camera-delete-${cameraId}`).click();
  await page.getByTestId('camera-delete-confirm').waitFor();
  expect(await breaches()).toEqual([]);
  await page.keyboard.press('Escape');
});

it('health', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/health`);
  await page.getByTestId('health-status').waitFor();
  expect(await breaches()).toEqual([]);
});

it('volumes, and one that is added', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/volumes`);
  await page.getByTestId('volume-main').waitFor();
  expect(await breaches()).toEqual([]);
  await page.getByTestId('volume-add').click();
  await page.getByTestId('volume-form').waitFor();
  expect(await breaches()).toEqual([]);
  await page.keyboard.press('Escape');
});

it('users, and one who is added', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/users`);
  await page.getByTestId('user-admin').waitFor();
  expect(await breaches()).toEqual([]);
  await page.getByTestId('user-add').click();
  await page.getByTestId('user-form').waitFor();
  expect(await breaches()).toEqual([]);
  await page.keyboard.press('Escape');
});

it('the light appearance, chosen in the menu, and the dark one', async () => {
  const { page } = browser;
  await page.getByTestId('user-menu').click();
  await page.getByText('Light appearance').click();
  await page.locator('html[data-mantine-color-scheme="light"]').waitFor();
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  await page.getByTestId('user-menu').click();
  await page.getByText('Dark appearance').click();
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
});

it('API keys: one is made, told once, used by a program, and removed', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/keys`);
  await page.getByTestId('key-add').click();
  await page.getByTestId('key-name').fill('Story');
  await page.getByTestId('scope-view_live').click();
  await page.getByTestId('key-password').fill(ADMIN_PASSWORD);
  expect(await breaches()).toEqual([]);
  await page.getByTestId('key-save').click();
  const key = await page.getByTestId('key-secret').inputValue();
  expect(await breaches()).toEqual([]);
  await page.getByTestId('key-kept').click();
  expect(await statusFor(key)).toBe(200);
  await page.getByTestId('key-remove-Story').click();
  await page.getByTestId('key-confirm').click();
  await page.getByTestId('key-Story').waitFor({ state: 'detached' });
  expect(await statusFor(key)).toBe(401);
});

it('sessions: one of another program is ended', async () => {
  const { page } = browser;
  // Other stories have sessions of programs, too.
  const program = 'program-to-be-ended/1';
  const token = await tokenOfAnother(program);
  expect(await statusFor(token)).toBe(200);
  await page.goto(`${BASE_URL}/console/sessions`);
  const other = page.locator('[data-testid^="session-"]', { hasText: program });
  await other.first().waitFor();
  expect(await breaches()).toEqual([]);
  await other.getByRole('button').first().click();
  await other.first().waitFor({ state: 'detached' });
  expect(await statusFor(token)).toBe(401);
});

it('audit: what was just done is in it, exported and verified', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/audit?action=api_key.*`);
  await page.locator('[data-action="api_key.removed"]').first().waitFor();
  expect(await breaches()).toEqual([]);
  await page.getByTestId('audit-export').click();
  const file = await page.getByTestId('audit-export-csv').getAttribute('href');
  const csv = await page.evaluate(async (path) => (await fetch(path ?? '')).text(), file);
  expect(csv).toContain('api_key.made');
  expect(csv).not.toContain('auth.login');
  await page.keyboard.press('Escape');
  await page.getByTestId('audit-verify').click();
  await page.getByTestId('audit-verdict').waitFor();
  expect(await page.getByTestId('audit-verify').getAttribute('data-whole')).toBe('true');
});

it('webhooks: one is added, tested and removed; its secret is told once', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/webhooks`);
  await page.getByTestId('webhook-add').click();
  await page.getByTestId('webhook-name').fill('story');
  await page.getByTestId('webhook-url').fill('http://127.0.0.1:9/');
  expect(await breaches()).toEqual([]);
  await page.getByTestId('webhook-save').click();
  expect(await page.getByTestId('webhook-secret').inputValue()).toMatch(/^whsec_/);
  await page.getByTestId('webhook-kept').click();
  await page.getByTestId('webhook-state-story').waitFor();
  expect(await breaches()).toEqual([]);
  await page.getByTestId('webhook-test-story').click();
  await page.getByTestId('webhook-tested-story').getByText('localAddressesAllowed').waitFor();
  await page.getByTestId('webhook-menu-story').click();
  await page.getByTestId('webhook-remove').click();
  await page.getByTestId('webhook-confirm').click();
  await page.getByTestId('webhook-story').waitFor({ state: 'detached' });
});
