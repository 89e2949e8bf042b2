// SPDX-License-Identifier: Apache-2.0
// Exchanges an extension of the console again and again under the eyes of an open page, and says how long that takes and
// how much the page grows: node dev/exchange.mjs [--times 40] [--kib 66]
// BASE_URL and ADMIN_PASSWORD are those of a running server; CHROMIUM says which browser. Needs the JDK's `jar`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '40' }, kib: { type: 'string', default: '66' } },
});
const base = (process.env.BASE_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const password = process.env.ADMIN_PASSWORD ?? 'admin';
const NAME = 'org.example.exchanged';
const WARM = 3;
const folder = mkdtempSync(join(tmpdir(), 'nxvms-exchange-'));

/** A version of it, as large as one that brings a library along. */
function jarOf(version) {
  const at = join(folder, String(version));
  mkdirSync(join(at, 'console'), { recursive: true });
  writeFileSync(
    join(at, 'console', 'extension.json'),
    JSON.stringify({
      id: 'exchanged',
      apiVersion: '1.0',
      entry: 'exchanged.js',
      title: 'title',
      texts: { en: { title: 'Exchanged' } },
      contributes: [{ slot: 'nav.page', name: 'page', title: 'title' }],
    }),
  );
  const functions = Array.from(
    { length: Math.ceil((Number(values.kib) * 1024) / 60) },
    (_, n) => `export function f${n}(a, b) { return a * ${n} + b * ${version}; }`,
  );
  writeFileSync(
    join(at, 'console', 'exchanged.js'),
    `${functions.join('\n')}
export function activate(host) {
  const tag = host.tag('page');
  customElements.define(tag, class extends HTMLElement {
    connectedCallback() {
      const root = this.attachShadow({ mode: 'open' });
      root.innerHTML = '<table>' + '<tr><td>row</td></tr>'.repeat(200) + '</table><p>version ${version}</p>';
    }
  });
  host.registerRoute('page', tag);
  const end = host.events.subscribe({ kinds: ['camera.motion'] }, () => undefined);
  return () => end();
}
`,
  );
  const manifest = join(at, 'bundle.mf');
  writeFileSync(
    manifest,
    `Bundle-ManifestVersion: 2\nBundle-SymbolicName: ${NAME}\nBundle-Version: 1.0.${version}\nNXvms-Console-Extension: console/extension.json\n`,
  );
  const jar = join(at, 'exchanged.jar');
  execFileSync('jar', ['--create', '--file', jar, '--manifest', manifest, '-C', at, 'console']);
  return readFileSync(jar);
}

const login = await fetch(`${base}/api/v1/auth/login`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ username: 'admin', password }),
});
const { accessToken } = await login.json();
const api = async (method, path, body) => {
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/octet-stream' },
    body,
  });
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
};
const upload = (jar, updates) =>
  api('POST', `/api/v1/plugins/uploads?allowUnsigned=true${updates ? `&updates=${NAME}` : ''}`, jar);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--js-flags=--expose-gc'],
});
const percentile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
try {
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' })).newPage();
  page.on('pageerror', (error) => console.log('pageerror', error.message));
  await page.goto(`${base}/console/events`);
  await page.getByTestId('login-username').fill('admin');
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
  await page.getByTestId('events-live').waitFor();
  // When a version is first seen, by the page's own look at each change of it.
  await page.evaluate(() => {
    window.seen = {};
    const look = () => {
      const text = document.querySelector('[data-testid="extension-exchanged-page"] > *')?.shadowRoot
        ?.textContent;
      const version = /version (\d+)/.exec(text ?? '')?.[1];
      if (version && !(version in window.seen)) {
        window.seen[version] = Date.now();
      }
      requestAnimationFrame(look);
    };
    look();
  });
  const client = await page.context().newCDPSession(page);
  const used = async () => {
    await page.evaluate(() => window.gc());
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    await page.evaluate(() => window.gc());
    const { usedSize } = await client.send('Runtime.getHeapUsage');
    const { nodes, jsEventListeners } = await client.send('Memory.getDOMCounters');
    return { mib: usedSize / 2 ** 20, nodes, listeners: jsEventListeners };
  };
  await upload(jarOf(0), false);
  await page.getByTestId('nav-extension-exchanged-page').click();
  const delays = [];
  let before;
  for (let version = 1; version <= Number(values.times) + WARM; version++) {
    const jar = jarOf(version);
    if (version === WARM + 1) {
      before = await used();
    }
    await upload(jar, true);
    const answered = Date.now();
    await page.waitForFunction((wanted) => String(wanted) in window.seen, version);
    delays.push((await page.evaluate((wanted) => window.seen[wanted], version)) - answered);
  }
  const after = await used();
  delays.sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      times: delays.length,
      // Below 0: before the installation was answered, which takes the old version out after the new one came up.
      afterAnswerMs: { p50: percentile(delays, 0.5), max: delays.at(-1) },
      heapMib: { before: +before.mib.toFixed(2), grown: +(after.mib - before.mib).toFixed(2) },
      nodesGrown: after.nodes - before.nodes,
      listenersGrown: after.listeners - before.listeners,
    }),
  );
} finally {
  await browser.close();
  await api('DELETE', `/api/v1/plugins/${NAME}`).catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
}
