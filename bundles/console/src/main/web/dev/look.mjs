// SPDX-License-Identifier: Apache-2.0
// Takes pictures of the console's screens from a running server, to look at them:
//   node dev/look.mjs FOLDER [--sizes 1920x1080,390x844] [--schemes dark,light] [--only wall-16,playback] [--language de]
// BASE_URL (the mock's) and ADMIN_PASSWORD say where; CHROMIUM which browser. `--jpeg` makes small ones, `--suffix`
// puts something behind their names, `--rtl` turns the page round. `npm run pictures` takes those in docs/console.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
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
  page.on('pageerror', (error) => console.log('pageerror', error.message));
  return page;
}

/** What reaches over the page's right edge, or is cut where nothing says so. */
function overflowing(page) {
  return page.evaluate(() => {
    const wide =
      document.documentElement.scrollWidth > window.innerWidth ? ['the page scrolls sideways'] : [];
    const cut = [...document.querySelectorAll('button, label, th, td, h1, h2, h3, p, span')]
      .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 2)
      .filter((element) => !/ellipsis/.test(getComputedStyle(element).textOverflow))
      .filter((element) => getComputedStyle(element).overflowX === 'hidden')
      .map((element) => `cut: ${element.textContent?.slice(0, 40)}`);
    return [...wide, ...new Set(cut)];
  });
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

for (const size of values.sizes.split(',')) {
  const [width, height] = size.split('x').map(Number);
  for (const scheme of values.schemes.split(',')) {
    for (const { name, open } of screens) {
      const context = name.startsWith('login') ? await newContext() : signedIn;
      const page = await pageOf(context, { width, height }, scheme);
      const file = values.jpeg
        ? `${name}${values.suffix}.jpg`
        : `${name}${values.suffix}-${size}-${scheme}.png`;
      try {
        await open(page, scene);
        if (values.rtl) {
          await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
          await page.waitForTimeout(600);
        }
        await page.screenshot({
          path: join(folder, file),
          ...(values.jpeg ? { type: 'jpeg', quality: 78 } : {}),
        });
        const wrong = await overflowing(page);
        console.log(file, ...(wrong.length > 0 ? ['!', wrong.join(' | ')] : []));
      } catch (error) {
        console.log(file, 'FAILED', String(error).split('\n')[0]);
      }
      await page.close();
      if (context !== signedIn) {
        await context.close();
      }
    }
  }
}
await browser.close();
