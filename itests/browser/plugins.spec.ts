// SPDX-License-Identifier: Apache-2.0
// A driver is brought in the console, its camera is controlled there, and it is taken out again: while others are recorded.
// Then one that adds to the console, under the eyes of who has it open.
// Settings by environment: EXTENSION_JAR (unsigned, of the sample), DRIVER_JAR (unsigned, of a driver `axis`), DEVICE_URL with login DEVICE_USER, DEVICE_PASSWORD.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { breaches } from './axe';
import { BASE_URL, type Browser, get, openBrowser, send, signIn, waitUntil } from './browser';
import { flaws } from './legible';

const NAME = 'org.nxvms.driver.axis';
/** As is promised. */
const SEEN_MS_MAX = 2_000;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };

let browser: Browser;
let cameraId = '';

interface Camera {
  id: string;
  name: string;
  status: { device?: { capabilities: string[] } };
}

const until = <T>(what: string, ask: () => Promise<T | undefined | false>) =>
  waitUntil(browser.page, what, ask, 30_000);

/** What the camera answers; nothing while it works on what it was asked before. */
async function told<T>(path: string): Promise<T | undefined> {
  try {
    return await get<T>(browser.page, `/api/v1/cameras/${cameraId}${path}`);
  } catch (refused) {
    if (String(refused).includes('camera-busy')) {
      return undefined;
    }
    throw refused;
  }
}

/** On a phone nothing may stick out to the side. */
async function fitsAPhone(path: string, seen: string): Promise<void> {
  const { page } = browser;
  await page.setViewportSize(PHONE);
  await page.goto(`${BASE_URL}/console/${path}`);
  await page.getByTestId(seen).first().waitFor();
  const wide = await page.evaluate((width) => {
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    return [...document.querySelectorAll('#content *, header *')]
      .filter((element) => {
        const { right, width: own } = element.getBoundingClientRect();
        // What lies in a part that scrolls by itself can be reached.
        return own > 0 && right > width + 1 && !scrolls(element.parentElement);
      })
      .map((element) => `${path}: ${element.outerHTML.slice(0, 120)}`);
  }, PHONE.width);
  expect(wide).toEqual([]);
  await page.setViewportSize(DESK);
}

beforeAll(async () => {
  browser = await openBrowser();
  await signIn(browser.page);
  await browser.page.getByTestId('wall').waitFor();
});

afterAll(async () => {
  await browser?.close();
});

it('a driver nobody signed is refused with the reason, and taken when that is allowed', async () => {
  const { page } = browser;
  await page.getByTestId('user-menu').click();
  await page.getByTestId('nav-plugins').click();
  await page.getByTestId('plugins-none').waitFor();
  expect(await breaches(page)).toEqual([]);
  await page.getByTestId('plugin-install').click();
  await page.getByTestId('plugin-file').setInputFiles(process.env.DRIVER_JAR ?? '');
  await page.getByTestId('plugin-take').click();
  const refused = page.getByTestId('plugin-problem');
  await refused.waitFor();
  expect(await refused.getAttribute('data-kind')).toBe('signature');
  expect(await breaches(page)).toEqual([]);
  await page.getByTestId('plugin-unsigned').check();
  await page.getByTestId('plugin-take').click();
  await page.getByTestId('plugin-form').waitFor({ state: 'hidden' });
  await page.locator(`[data-testid="plugin-state-${NAME}"][data-state="active"]`).waitFor();
  expect(await flaws(page)).toEqual([]);
});

it('the receipt says that no picture of any camera was lost', async () => {
  const { page } = browser;
  await page.getByTestId('plugins-view-receipts').click();
  await page.locator('[data-outcome="refused"]').waitFor();
  await page.locator('[data-outcome="done"] button').click();
  await page.locator('[data-testid="receipt-signed"][data-signed="true"]').waitFor();
  const rows = await page.getByTestId('receipt-frames').locator('tbody tr').allInnerTexts();
  expect(rows.length).toBeGreaterThanOrEqual(4);
  expect(rows.every((row) => /\t0$/.test(row.trim()))).toBe(true);
  expect(await breaches(page)).toEqual([]);
});

it('its camera is moved, switched and set in the console', async () => {
  const { page } = browser;
  const added = await send<Camera>(page, 'POST', '/api/v1/cameras', {
    name: 'Dome',
    driver: 'axis',
    address: process.env.DEVICE_URL,
    username: process.env.DEVICE_USER,
    password: process.env.DEVICE_PASSWORD,
  });
  cameraId = added.id;
  await until('what it can is known', async () => {
    const camera = await get<Camera>(page, `/api/v1/cameras/${cameraId}`);
    return camera.status.device?.capabilities.includes('ptz');
  });
  await page.goto(`${BASE_URL}/console/control/${cameraId}`);
  const position = async () => (await told<{ position: { pan?: number } }>('/ptz'))?.position.pan;
  const right = page.getByTestId('ptz-right');
  await right.waitFor();
  const before = await until('where it looks', position);
  await right.hover();
  await page.mouse.down();
  await until('it turns', async () => ((await position()) ?? before) > before + 0.01);
  await page.mouse.up();
  await until('it stands still', async () => {
    const at = await position();
    return at !== undefined && (await position()) === at;
  });
  await page.getByTestId('preset-name').fill('Yard');
  await page.getByTestId('preset-keep').click();
  await page.getByTestId('preset-go-Yard').waitFor();
  await page.getByTestId('control-toggle-io').click();
  const output = page.getByTestId('io-ports').getByRole('switch').first();
  await output.waitFor();
  await output.click({ force: true });
  await until('the output is on', async () => {
    const ports = await told<{ items: { direction: string; on: boolean }[] }>('/device/io');
    return ports?.items.some(({ direction, on }) => direction === 'output' && on);
  });
  await page.getByTestId('control-toggle-imaging').click();
  await page.getByTestId('imaging-brightness').fill('70');
  await page.getByTestId('imaging-save').click();
  await until('the camera has taken it', async () => {
    const imaging = await told<{ values: { brightness: string } }>('/imaging');
    return imaging?.values.brightness === '70';
  });
  await page.getByTestId('control-toggle-edge').click();
  await page.getByTestId('control-toggle-device').click();
  await page.locator('[data-testid^="edge-fetch-"]').first().waitFor();
  await page.getByTestId('device-clock').waitFor();
  const saved = page.waitForEvent('download');
  await page.getByTestId('device-snapshot').click();
  expect((await saved).suggestedFilename()).toMatch(/^Dome_.*\.jpg$/);
  expect(await breaches(page)).toEqual([]);
});

it('no page sticks out of a phone', async () => {
  await fitsAPhone('events', 'events-table');
  await fitsAPhone(`playback/${cameraId}`, 'timeline');
  await fitsAPhone('plugins', `plugin-${NAME}`);
  await fitsAPhone('plugins?view=drivers', 'driver-rtsp');
  await fitsAPhone(`control/${cameraId}`, 'ptz-pad');
});

it('when the driver is removed it is said what goes, and that the driver is missing', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/plugins?view=drivers`);
  await page.getByTestId('driver-axis').waitFor();
  expect(await breaches(page)).toEqual([]);
  await page.getByTestId('plugins-view-plugins').click();
  await page.getByTestId(`plugin-menu-${NAME}`).click();
  await page.getByTestId('plugin-remove').click();
  await page.getByTestId('plugin-affected').getByText('Dome').waitFor();
  await page.getByTestId('plugin-confirm').click();
  await page.getByTestId('plugins-none').waitFor();
  await page.goto(`${BASE_URL}/console/control/${cameraId}`);
  await page.getByTestId('control-driver-missing').waitFor();
  await send(page, 'DELETE', `/api/v1/cameras/${cameraId}`);
  expect(browser.faults).toEqual([]);
});

it('an extension appears in an open console, is used, and goes again, without anything being loaded anew', async () => {
  const { page } = browser;
  const NAME_OF_SAMPLE = 'org.nxvms.console.sample';
  await page.goto(`${BASE_URL}/console/events`);
  await page.getByTestId('events-table').waitFor();
  await page.evaluate(() => {
    document.documentElement.dataset.stays = 'yes';
  });
  await send(page, 'POST', '/api/v1/plugins', { url: `file:${process.env.EXTENSION_JAR}`, allowUnsigned: true });
  const active = Date.now();
  await page.getByTestId('nav-extension-sample-motion').waitFor();
  expect(Date.now() - active, 'ms after its bundle was active').toBeLessThanOrEqual(SEEN_MS_MAX);
  await page.getByTestId('nav-extension-sample-motion').click();
  await page.getByTestId('extension-sample-motion').getByRole('heading', { name: 'Motion now' }).waitFor();
  console.log(`an extension was seen and used ${Date.now() - active} ms after its bundle was active`);
  expect(await breaches(page)).toEqual([]);

  await page.getByTestId('nav-live').click();
  const camera = page.locator('[data-testid^="tree-camera-"]').first();
  await camera.click();
  await page.locator('[data-testid="extension-sample-corners"] svg').first().waitFor({ state: 'attached' });
  await page.getByTestId('nav-playback').click();
  await page.locator('[data-testid="extension-lanes"][data-spans]').waitFor();

  await page.getByTestId('nav-extension-sample-motion').click();
  await page.getByTestId('extension-sample-motion').getByRole('heading', { name: 'Motion now' }).waitFor();
  await send(page, 'DELETE', `/api/v1/plugins/${NAME_OF_SAMPLE}`);
  await page.getByTestId('extension-removed').waitFor();
  await page.getByTestId('nav-extension-sample-motion').waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.documentElement.dataset.stays)).toBe('yes');
  expect(browser.faults).toEqual([]);
});
