// SPDX-License-Identifier: Apache-2.0
// Takes pictures of the console's screens from a running development server: `node dev/look.mjs FOLDER`.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const folder = process.argv[2] ?? 'shots';
const base = process.env.BASE_URL ?? 'http://127.0.0.1:18800';
mkdirSync(folder, { recursive: true });
const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'look-')), {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  viewport: { width: 1440, height: 860 },
  ignoreHTTPSErrors: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const page = context.pages()[0] ?? (await context.newPage());
page.on(
  'console',
  (message) => ['error', 'warning'].includes(message.type()) && console.log(message.type(), message.text()),
);
page.on('pageerror', (error) => console.log('pageerror', error.message));
const shot = (name) => page.screenshot({ path: join(folder, `${name}.png`) });

await page.goto(`${base}/console/`);
await page.getByTestId('login-username').waitFor();
await page.getByTestId('login-username').fill('admin');
await page.getByTestId('login-password').fill('wrong');
await page.getByTestId('login-submit').click();
await page.getByTestId('login-error').waitFor();
await shot('login');
await page.getByTestId('login-password').fill(process.env.ADMIN_PASSWORD ?? 'admin');
await page.getByTestId('login-submit').click();
await page.getByTestId('wall').waitFor();
await shot('live-empty');
await page.getByTestId('wall-size').getByText('9', { exact: true }).click();
await page.getByTestId('wall-fill').click();
await page.waitForTimeout(4000);
await shot('live-9');
console.log('badges', await page.getByTestId('tile-badge').allInnerTexts());
await page.getByTestId('tile-0').dblclick();
await page.waitForTimeout(2500);
await shot('live-max');
console.log('badge', await page.getByTestId('tile-badge').allInnerTexts());
await page.keyboard.press('Escape');
await page.getByTestId('nav-playback').click();
await page.getByTestId('play-button').waitFor();
await page.waitForTimeout(2500);
await page.getByTestId('play-button').click();
await page.waitForTimeout(3000);
const timeline = await page.getByTestId('timeline').boundingBox();
await page.mouse.move(timeline.x + timeline.width * 0.25, timeline.y + 45);
await page.waitForTimeout(300);
await shot('playback');
await page.getByTestId('nav-cameras').click();
await page.getByTestId('camera-table').waitFor();
await shot('cameras');
await page.getByTestId('camera-add').click();
await page.getByTestId('camera-name').fill('Loading bay');
await page.getByTestId('camera-address').fill('rtsp://127.0.0.1:8554/refused');
await page.getByTestId('camera-test').click();
await page.getByTestId('camera-problem').waitFor();
await shot('camera-problem');
await page.getByTestId('camera-address').fill('rtsp://127.0.0.1:8554/bay');
await page.getByTestId('camera-test').click();
await page.getByTestId('probe-result').waitFor();
await page.waitForTimeout(300);
await shot('camera-add');
await page.keyboard.press('Escape');
await page.getByTestId('nav-health').click();
await page.getByTestId('health-status').waitFor();
await shot('health');
await context.close();
