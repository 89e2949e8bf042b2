// SPDX-License-Identifier: Apache-2.0
import { relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/** What may be in the product: the console's own sources, its page, and packages that are not for tests. */
const OURS = /^(src\/|index\.html$|node_modules\/)/;
const FOR_TESTS = /(^|\/)node_modules\/(msw|@mswjs|vitest|@vitest|@testing-library|jsdom|ws)\/|\.test\.tsx?$/;

/** {@return those modules that have no place in the product} Modules that exist in the builder only begin with NUL. */
export function strangers(moduleIds: readonly string[], root: string): string[] {
  return moduleIds
    .filter((id) => !id.startsWith('\0'))
    .map((id) => relative(root, id.replace(/\?.*$/, '')).split(sep).join('/'))
    .filter((path) => !OURS.test(path) || FOR_TESTS.test(path));
}

/** Ends a build that would ship the mock server, fixtures or tests. */
export function productOnly(): Plugin {
  let root = '';
  return {
    name: 'nxvms-product-only',
    apply: 'build',
    configResolved: (config) => {
      root = config.root;
    },
    generateBundle(_options, bundle) {
      const all = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
      if (all.length === 0) {
        this.error('no module is in the product: this check sees nothing');
      }
      const found = strangers(all, root);
      if (found.length > 0) {
        this.error(`not for the product, but imported by it: ${found.join(', ')}`);
      }
    },
  };
}
