// SPDX-License-Identifier: Apache-2.0
// Chromium as somebody has it: nothing but what is asked here is watched. Who steers it by Playwright has each message of each
// WebSocket told, which costs the browser a tenth of what a wall does. It is spoken to over a pipe, in the DevTools protocol.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { ADMIN_PASSWORD, BASE_URL } from './browser';

const PATIENCE_MS = 60_000;
const LOOK_MS = 200;

type Answer = { id?: number; result?: unknown; error?: { message: string } };

export class BareBrowser {
  private readonly profile = mkdtempSync(join(tmpdir(), 'nxvms-bare-'));
  private readonly child = spawn(
    process.env.CHROMIUM ?? '/usr/bin/chromium',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--window-size=1280,943',
      '--remote-debugging-pipe',
      `--user-data-dir=${this.profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private asked = 0;
  private session: string | undefined;

  private constructor() {
    let rest = '';
    const answers = this.child.stdio[4] as Readable;
    answers.setEncoding('utf8').on('data', (text: string) => {
      const whole = (rest + text).split('\0');
      rest = whole.pop() ?? '';
      for (const one of whole) {
        const answer = JSON.parse(one) as Answer;
        this.waiting.get(answer.id ?? 0)?.(answer);
        this.waiting.delete(answer.id ?? 0);
      }
    });
  }

  /** One with a page of the console, signed in as the administrator. */
  static async signedIn(): Promise<BareBrowser> {
    const browser = new BareBrowser();
    const { targetInfos } = await browser.send<{ targetInfos: { type: string; targetId: string }[] }>('Target.getTargets');
    const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId;
    const attached = await browser.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    browser.session = attached.sessionId;
    await browser.open('/console/');
    await browser.until(`document.querySelector('[data-testid="login-submit"]') !== null`);
    const login = JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD, cookie: true });
    await browser.run(`fetch('/api/v1/auth/login', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: ${JSON.stringify(login)} }).then(({ status }) => status)`);
    return browser;
  }

  async open(path: string): Promise<void> {
    await this.send('Page.navigate', { url: BASE_URL + path }, this.session);
  }

  /** What an expression of the page is; a promise's when it is there. */
  async run<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send<{ result: { value: T }; exceptionDetails?: { text: string } }>(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
      this.session,
    );
    if (exceptionDetails) {
      throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    }
    return result.value;
  }

  async until(expression: string): Promise<void> {
    const beganMs = Date.now();
    // While a page goes and another comes there is nobody to ask.
    while (!(await this.run<boolean>(expression).catch(() => false))) {
      if (Date.now() - beganMs > PATIENCE_MS) {
        throw new Error(`not after ${PATIENCE_MS} ms: ${expression}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Of all its processes together, since they began. */
  async processorSeconds(): Promise<number> {
    const { processInfo } = await this.send<{ processInfo: { cpuTime: number }[] }>('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  }

  async close(): Promise<void> {
    const gone = this.child.exitCode === null ? once(this.child, 'exit') : Promise.resolve();
    await this.send('Browser.close');
    await gone;
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  private send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) => {
        if (error) {
          reject(new Error(`${method}: ${error.message}`));
        } else {
          resolve(result as T);
        }
      });
      (this.child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }
}
