// SPDX-License-Identifier: Apache-2.0
// Takes pictures of the console's screens from a running server, to look at them:
//   node dev/look.mjs FOLDER [--sizes 1920x1080,390x844] [--schemes dark,light] [--only wall-16,playback] [--language de]
// BASE_URL (the mock's) and ADMIN_PASSWORD say where; CHROMIUM which browser. `--jpeg` makes small ones, with short names:
// `roles.jpg` is dark and 1366 wide, the others have `-1920` or `-phone`, and `-light`, behind that. `--suffix` puts
// something before it, `--rtl` turns the page round. `npm run pictures` takes those in docs/console.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { cutTexts } from './cut.mjs';
import { SCREENS } from './screens.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string', default: '1920x1080,1366x768,390x844' },
    schemes: { type: 'string', default: 'dark,light' },
    only: { type: 'string' },
    language: { type: 'string', default: 'en' },
    rtl: { type: 'boolean', default: false },
    jpeg: { type: 'boolean', default: false },
    suffix: { type: 'string', default: '' },
  },
});
const folder = positionals[0] ?? 'shots';
const base = (process.env.BASE_URL ?? 'http://127.0.0.1:18800').replace(/\/$/, '');
const password = process.env.ADMIN_PASSWORD ?? 'admin';
/** Below it the console is laid out as on a phone. */
const NARROW_PX = 768;
/** Of pictures with short names this size is not told. */
const USUAL_PX = 1366;
const JPEG_QUALITY = 70;
const SETTLES_MS = 500;
const sizes = values.sizes.split(',');
const schemes = values.schemes.split(',');
const only = values.only?.split(',');
const screens = SCREENS.filter(({ name }) => !only || only.includes(name));
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});

const newContext = () =>
  browser.newContext({ ignoreHTTPSErrors: true, locale: values.language === 'de' ? 'de-DE' : 'en-GB' });

async function pageOf(context, viewport, colorScheme) {
  const page = await context.newPage();
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  await page.addInitScript(
    ([scheme, language]) => {
      localStorage.setItem('mantine-color-scheme-value', scheme);
      localStorage.setItem('nxvms.language', language);
    },
    [colorScheme, values.language],
  );
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => console.log('!', 'pageerror', error.message));
  // What the policy of the page forbids is said there too.
  page.on('console', (message) => {
    if (message.type() === 'error') {
      console.log('!', 'console', message.text(), message.location().url);
    }
  });
  return page;
}

// One session for all pages: a second one that begins with its cookies would end it.
const signedIn = await newContext();
const first = await pageOf(signedIn, { width: 1366, height: 768 }, 'dark');
await first.goto(`${base}/console/`);
await first.getByTestId('login-username').fill('admin');
await first.getByTestId('login-password').fill(password);
await first.getByTestId('login-submit').click();
await first.getByTestId('wall').waitFor();
const { items } = await (await signedIn.request.get(`${base}/api/v1/cameras?limit=100`)).json();
const scene = { base, cameras: items.filter(({ enabled }) => enabled) };
await first.close();

const markOf = (width) => (width < NARROW_PX ? '-phone' : width === USUAL_PX ? '' : `-${width}`);

/** Other sizes and appearances of a screen that is open; a phone and a desk are opened by themselves. */
async function photograph(page, name, group) {
  for (const size of group) {
    const [width, height] = size.split('x').map(Number);
    await page.setViewportSize({ width, height });
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.evaluate((one) => {
        document.documentElement.setAttribute('data-mantine-color-scheme', one);
      }, scheme);
      await page.waitForTimeout(SETTLES_MS);
      const file = values.jpeg
        ? `${name}${values.suffix}${markOf(width)}${scheme === 'light' ? '-light' : ''}.jpg`
        : `${name}${values.suffix}-${size}-${scheme}.png`;
      await page.screenshot({
        path: join(folder, file),
        ...(values.jpeg ? { type: 'jpeg', quality: JPEG_QUALITY } : {}),
      });
      const wrong = await cutTexts(page);
      console.log(file, ...(wrong.length > 0 ? ['!', wrong.join(' | ')] : []));
    }
  }
}

const isNarrow = (size) => Number.parseInt(size, 10) < NARROW_PX;
const groups = [sizes.filter((size) => !isNarrow(size)), sizes.filter(isNarrow)];
for (const { name, open } of screens) {
  for (const group of groups.filter((one) => one.length > 0)) {
    const context = name.startsWith('login') ? await newContext() : signedIn;
    const [width, height] = group[0].split('x').map(Number);
    const page = await pageOf(context, { width, height }, schemes[0]);
    try {
      await open(page, scene);
      if (values.rtl) {
        await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
        await page.waitForTimeout(SETTLES_MS);
      }
      await photograph(page, name, group);
    } catch (error) {
      console.log(name, group[0], 'FAILED', String(error).split('\n')[0]);
      process.exitCode = 1;
    }
    await page.close();
    if (context !== signedIn) {
      await context.close();
    }
  }
}
await browser.close();
