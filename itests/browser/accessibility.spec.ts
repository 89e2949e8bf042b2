// SPDX-License-Identifier: Apache-2.0
// Every screen of the console against axe's rules of WCAG 2.2 A and AA.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { breaches as axeBreaches } from './axe';
import { BASE_URL, type Browser, get, openBrowser, signIn } from './browser';

let browser: Browser;
let cameraId: string;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
});

const breaches = () => axeBreaches(browser.page);

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

it('playback', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/playback/${cameraId}`);
  await page.getByTestId('timeline').waitFor();
  expect(await breaches()).toEqual([]);
});

it('footage that shall be locked', async () => {
  const { page } = browser;
  await page.getByTestId('footage-menu').click();
  await page.getByTestId('footage-lock').click();
  await page.getByTestId('lock-from').waitFor();
  // The menu it was chosen from fades away behind the dialog.
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
