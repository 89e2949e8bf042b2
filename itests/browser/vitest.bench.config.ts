// SPDX-License-Identifier: Apache-2.0
// What `./nxvms bench live` and `bench console` have Chromium do; no test.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*.bench.ts'],
    env: { SERVER_URL: process.env.BASE_URL ?? '' },
    fileParallelism: false,
    testTimeout: 400_000,
    hookTimeout: 120_000,
  },
});
