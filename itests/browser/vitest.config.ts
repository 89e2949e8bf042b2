// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*.spec.ts'],
    // Vitest has a BASE_URL of its own, so the server's address goes by another name.
    env: { SERVER_URL: process.env.BASE_URL ?? '' },
    // One browser at a time: the machine also runs the server and the cameras.
    fileParallelism: false,
    // Each story goes on where the one before has ended.
    bail: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
