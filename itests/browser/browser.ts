// SPDX-License-Identifier: Apache-2.0
// The machine's Chromium on a running server. Settings by environment: BASE_URL, ADMIN_PASSWORD, CHROMIUM.
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

export const BASE_URL = required('SERVER_URL', 'BASE_URL').replace(/\/$/, '');
export const ADMIN_PASSWORD = required('ADMIN_PASSWORD');

function required(name: string, shownName = name): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${shownName} is not set: give the address of a running server and the password of "admin"`);
  }
  return value;
}

export interface Browser {
  page: Page;
  /** What went wrong in the page: exceptions and breaches of the content security policy. */
  faults: string[];
  /** What the browser wrote as an error into its console, each with its address. */
  errors: string[];
  close(): Promise<void>;
}

/** @param more arguments of Chromium, for a browser in another network */
export async function openBrowser(...more: string[]): Promise<Browser> {
  // What the console's worker hands on, a test could not look into.
  return open('block', more);
}

/** One in which the console keeps its shell, as in everybody's. */
export const openKeepingBrowser = (): Promise<Browser> => open('allow', []);

async function open(serviceWorkers: 'allow' | 'block', more: string[]): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'nxvms-browser-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    viewport: { width: 1280, height: 800 },
    ignoreHTTPSErrors: true,
    locale: 'en-GB',
    timezoneId: 'UTC',
    serviceWorkers,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(60_000);
  const faults: string[] = [];
  const errors: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) {
      faults.push(message.text());
    }
    if (message.type() === 'error') {
      errors.push(`${message.text()} ${message.location().url}`);
    }
  });
  return {
    page,
    faults,
    errors,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

export async function signIn(page: Page, password = ADMIN_PASSWORD): Promise<void> {
  await page.goto(`${BASE_URL}/console/`);
  await page.getByTestId('login-username').fill('admin');
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
}

/** Signs in as a program on another machine does. @returns its access token */
export async function tokenOfAnother(program = 'another-program/1'): Promise<string> {
  const answer = await fetch(`${BASE_URL}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'User-Agent': program },
    body: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
  });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

/** What a program gets that calls with a token or a key. */
export async function statusFor(bearer: string, path = '/api/v1/cameras'): Promise<number> {
  const answer = await fetch(`${BASE_URL}${path}`, { headers: { Authorization: `Bearer ${bearer}` } });
  await answer.arrayBuffer();
  return answer.status;
}

/** A GET of the API with the page's session. */
export function get<T>(page: Page, path: string): Promise<T> {
  return page.evaluate(async (at) => {
    const response = await fetch(at);
    if (!response.ok) {
      throw new Error(`${at}: ${response.status} ${await response.text()}`);
    }
    return response.json();
  }, path) as Promise<T>;
}

/** A request that changes something, with the page's session, as the console sends it. */
export function send<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async (asked) => {
      const csrf = /nxvms_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? '';
      const answer = await fetch(asked.path, {
        method: asked.method,
        headers: { 'Content-Type': 'application/json', 'X-NXvms-CSRF': decodeURIComponent(csrf) },
        body: asked.body === undefined ? undefined : JSON.stringify(asked.body),
      });
      const text = await answer.text();
      if (!answer.ok) {
        throw new Error(`${asked.method} ${asked.path}: ${answer.status} ${text}`);
      }
      return text === '' ? undefined : JSON.parse(text);
    },
    { method, path, body },
  ) as Promise<T>;
}

/** Asks until there is an answer; the browser decides when a picture is painted. */
export async function waitUntil<T>(
  page: Page,
  what: string,
  ask: () => Promise<T | undefined | false>,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`not within ${timeoutMs} ms: ${what}`);
    }
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(painted)));
  }
}
