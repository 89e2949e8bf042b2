// SPDX-License-Identifier: Apache-2.0
// Version after version of an extension of the console, as large as one that brings a library along. Needs the JDK's `jar`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { BASE_URL, get, tokenOfAnother } from './browser';

const NAME = 'org.example.exchanged';
const JAR = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'jar') : 'jar';

const DESCRIPTION = {
  id: 'exchanged',
  apiVersion: '1.0',
  entry: 'exchanged.js',
  title: 'title',
  texts: { en: { title: 'Exchanged' } },
  contributes: [{ slot: 'nav.page', name: 'page', title: 'title' }],
};

const moduleOf = (version: number, kib: number) => `${Array.from(
  { length: Math.ceil((kib * 1024) / 60) },
  (_, n) => `export function f${n}(a, b) { return a * ${n} + b * ${version}; }`,
).join('\n')}
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
`;

export class Exchanges {
  private readonly folder = mkdtempSync(join(tmpdir(), 'nxvms-exchanges-'));
  private token = '';

  constructor(
    private readonly page: Page,
    private readonly kib: number,
  ) {}

  async begin(): Promise<void> {
    this.token = await tokenOfAnother();
    await this.upload(0, '');
  }

  exchange(version: number): Promise<void> {
    return this.upload(version, `&updates=${NAME}`);
  }

  /** Waits until the page of the console shows a version. */
  async seen(version: number): Promise<void> {
    await this.page.waitForFunction(
      (wanted) =>
        document
          .querySelector('[data-testid="extension-exchanged-page"] > *')
          ?.shadowRoot?.textContent?.endsWith(`version ${wanted}`),
      version,
    );
  }

  /** Leads a page to where it may load modules as the console does, and runs nothing: a browser shows scripts as texts. */
  async openBare(bare: Page): Promise<void> {
    await bare.goto(`${BASE_URL}/console/sw.js`);
    await bare.context().addCookies(await this.page.context().cookies());
  }

  /** Has such a page load the version that is there now, and show its element in the place of the one before. */
  async showBare(bare: Page): Promise<void> {
    const { items } = await get<{ items: { id: string; hash: string; entry: string }[] }>(
      this.page,
      '/api/v1/console/extensions',
    );
    const { hash, entry } = items.find(({ id }) => id === DESCRIPTION.id) as { hash: string; entry: string };
    // As text: Vitest makes something of its own of an import.
    await bare.evaluate(`import(${JSON.stringify(entry)}).then(({ activate }) => activate({
      tag: (name) => ${JSON.stringify(`vx-${hash}-`)} + name,
      registerRoute: (_, tag) => document.body.replaceChildren(document.createElement(tag)),
      events: { subscribe: () => () => undefined },
    }))`);
  }

  async end(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    await this.ask('DELETE', `/api/v1/plugins/${NAME}`);
  }

  private upload(version: number, more: string): Promise<void> {
    return this.ask('POST', `/api/v1/plugins/uploads?allowUnsigned=true${more}`, this.jarOf(version));
  }

  private jarOf(version: number): Buffer {
    const at = join(this.folder, String(version));
    mkdirSync(join(at, 'console'), { recursive: true });
    writeFileSync(join(at, 'console', 'extension.json'), JSON.stringify(DESCRIPTION));
    writeFileSync(join(at, 'console', DESCRIPTION.entry), moduleOf(version, this.kib));
    const manifest = join(at, 'bundle.mf');
    writeFileSync(
      manifest,
      `Bundle-ManifestVersion: 2\nBundle-SymbolicName: ${NAME}\nBundle-Version: 1.0.${version}\nNXvms-Console-Extension: console/extension.json\n`,
    );
    const jar = join(at, 'exchanged.jar');
    execFileSync(JAR, ['--create', '--file', jar, '--manifest', manifest, '-C', at, 'console']);
    return readFileSync(jar);
  }

  private async ask(method: string, path: string, body?: Buffer): Promise<void> {
    const answer = await fetch(`${BASE_URL}${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/octet-stream' },
      body: body && new Uint8Array(body),
    });
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
  }
}
