// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const NAME = 'virtual:nxvms-verifier';
/** What the bundle of exports puts into each package: one verifier, which the console has from there. */
export const PAGE = fileURLToPath(
  new URL('../../../../../export/src/main/resources/org/nxvms/export/job/verify.html', import.meta.url),
);
const SCRIPT = /<script>\s*'use strict';([\s\S]*?)\n\/\/ ---- The page\./;

/** {@return the part of the page's script that knows no page, as a module} */
export function moduleOf(page: string): string {
  const [, code] = SCRIPT.exec(page) ?? [];
  if (!code?.includes('async function verify(')) {
    throw new Error(`${PAGE} has no verifier before its line "// ---- The page."`);
  }
  return `${code}\nexport { verify };\n`;
}

/** Gives the verifier of packages to the console. */
export function verifier(): Plugin {
  return {
    name: 'nxvms-verifier',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) {
        return undefined;
      }
      this.addWatchFile(PAGE);
      return moduleOf(readFileSync(PAGE, 'utf8'));
    },
  };
}
