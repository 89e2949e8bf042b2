// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import type { Host } from 'nxvms-console-host';
import type { ContributionInfo, ExtensionInfo } from '../src/api/extensions';
import { loading } from '../src/features/extensions/runtime';
import { useExtensions } from '../src/features/extensions/useExtensions';
import { api, server } from './server';

/** Modules by address; what a browser would load from there. */
const modules = new Map<string, unknown>();
let made = 0;

/** An extension whose module is given here; each has a hash of its own. */
export function extension(
  id: string,
  contributes: ContributionInfo[],
  activate: (host: Host) => unknown,
  extra: Partial<ExtensionInfo> = {},
): ExtensionInfo {
  const hash = (++made).toString(16).padStart(16, '0');
  const base = `/console/ext/org.example.${id}/${hash}/`;
  const entry = `${base}${id}.js`;
  modules.set(entry, { activate });
  server.use(http.get(api(entry), () => HttpResponse.text('')));
  return {
    id,
    bundle: `org.example.${id}`,
    version: '1.0.0',
    apiVersion: '1.0',
    hash,
    base,
    entry,
    title: 'title',
    texts: { en: { title: `Extension ${id}` }, de: { title: `Erweiterung ${id}` } },
    contributes,
    ...extra,
  };
}

/** As if the server had listed them. */
export function installed(...list: ExtensionInfo[]): void {
  useExtensions.setState({ list });
}

/** For each test: nothing is there, and modules come from above. */
export function noExtensions(): void {
  useExtensions.setState({ list: undefined, faults: [] });
  loading.module = async (url) => {
    if (!modules.has(url)) {
      throw new TypeError(`Failed to fetch dynamically imported module: ${url}`);
    }
    return modules.get(url);
  };
}

/** An element that shows a text, and of its context what is asked for. */
export function element<C>(host: Host, name: string, text: (context: C | undefined) => string): string {
  const tag = host.tag(name);
  class Shown extends HTMLElement {
    private given: C | undefined;
    set context(context: C | undefined) {
      this.given = context;
      this.textContent = text(context);
    }
    get context() {
      return this.given;
    }
  }
  customElements.define(tag, Shown);
  return tag;
}
