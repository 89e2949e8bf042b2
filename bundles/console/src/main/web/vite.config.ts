// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { type Plugin, type ProxyOptions, runnerImport } from 'vite';
import { defineConfig } from 'vitest/config';
import { productOnly } from './scripts/product-only.ts';
import { verifier } from './scripts/verifier.ts';

/** Where `npm run dev` finds a server. */
const backend = process.env.NXVMS_BACKEND ?? 'http://127.0.0.1:8080';
const MOCK_PORT = Number(process.env.PORT ?? 18800);

/** The server compares Origin with Host, so the Host must stay the one the browser used. */
const PROXY: Record<string, ProxyOptions> = {
  '/api': { target: backend, changeOrigin: false },
  '/media': { target: backend, changeOrigin: false },
  '/ws': { target: backend, changeOrigin: false, ws: true },
};

/** `--mode mock`: no server is needed. Loaded only then, and by itself: nothing else of the configuration needs it. */
async function mocks(mode: string): Promise<Plugin | undefined> {
  if (mode !== 'mock') {
    return undefined;
  }
  const { module } = await runnerImport<typeof import('./mocks/plugin')>('/mocks/plugin.ts', {
    configFile: false,
  });
  return module.mockServer();
}

/** Tests of parts that ask for a document, though they show nothing. */
const WITH_A_PAGE = [
  'src/api/{client,connection,session,timeline}.test.ts',
  'src/features/account/clientName.test.ts',
  'src/features/live/layouts.test.ts',
  'src/features/live/wall.test.ts',
  'src/features/volumes/daysText.test.ts',
  'src/i18n/i18n.test.ts',
  'src/features/events/searchText.test.ts',
  'src/player/mse/mse.test.ts',
  'src/ui/{serverText,time,zone}.test.ts',
];

/** Tests that leave in the process what no other may find: a module in another's place, elements with names. */
const APART = ['src', 'test']
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => join(folder, String(file))))
  .filter((file) => /\.test\.tsx?$/.test(file))
  .filter((file) => /vi\.mock\(|customElements|test\/extensions'/.test(readFileSync(file, 'utf8')));

export default defineConfig(({ mode }) => ({
  base: '/console/',
  plugins: [react(), verifier(), productOnly(), mocks(mode)],
  worker: { format: 'es', plugins: () => [verifier(), productOnly()] },
  build: {
    target: 'es2022',
    sourcemap: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  server: {
    host: '127.0.0.1',
    port: mode === 'mock' ? MOCK_PORT : 18801,
    ...(mode === 'mock' ? {} : { proxy: PROXY }),
  },
  preview: { host: '127.0.0.1', port: MOCK_PORT },
  test: {
    restoreMocks: true,
    // Generous, because the machine may stand still; a test that passes does not wait.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    env: { TZ: 'UTC' },
    // A process and a page for each file take longer to make than most tests take: files share them where they can.
    projects: [
      {
        extends: true,
        test: {
          name: 'plain',
          environment: 'node',
          isolate: false,
          setupFiles: ['./test/fresh.ts'],
          include: ['src/**/*.test.ts'],
          exclude: WITH_A_PAGE,
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          environment: 'jsdom',
          isolate: false,
          setupFiles: ['./test/fresh.ts', './test/setup.ts'],
          include: ['src/**/*.test.tsx', 'test/**/*.test.{ts,tsx}', ...WITH_A_PAGE],
          exclude: APART,
        },
      },
      {
        extends: true,
        test: { name: 'apart', environment: 'jsdom', setupFiles: ['./test/setup.ts'], include: APART },
      },
    ],
  },
}));
