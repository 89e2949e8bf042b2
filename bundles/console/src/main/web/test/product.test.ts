// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { strangers } from '../scripts/product-only';

describe('what is built', () => {
  it('has the console and its packages in it, and nothing that is for tests and development', () => {
    const ours = [
      '/w/src/main.tsx',
      '/w/index.html',
      '/w/node_modules/react/index.js',
      '\0vite/preload-helper.js',
    ];
    const others = [
      '/w/mocks/world.ts',
      '/w/test/mp4.ts',
      '/w/src/app/direction.test.tsx',
      '/w/node_modules/msw/lib/core/index.mjs',
      '/w/node_modules/@mswjs/interceptors/index.mjs',
      '/other/thing.ts?inline',
    ];
    expect(strangers([...ours, ...others], '/w')).toEqual([
      'mocks/world.ts',
      'test/mp4.ts',
      'src/app/direction.test.tsx',
      'node_modules/msw/lib/core/index.mjs',
      'node_modules/@mswjs/interceptors/index.mjs',
      '../other/thing.ts',
    ]);
  });
});
