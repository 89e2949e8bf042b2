// SPDX-License-Identifier: Apache-2.0
// The console while its server cannot be reached.
import { describe, expect, it } from 'vitest';
import { BASE_URL, openKeepingBrowser } from './browser';

describe('without the server', () => {
  it('the console opens from what the browser keeps, says so, and goes on when it is back', async () => {
    const keeping = await openKeepingBrowser();
    try {
      const { page } = keeping;
      await page.goto(`${BASE_URL}/console/`);
      await page.getByTestId('login-username').waitFor();
      await page.evaluate(async () => void (await navigator.serviceWorker.ready));
      await page.context().setOffline(true);
      await page.goto(`${BASE_URL}/console/playback`);
      await page.getByTestId('unreachable').waitFor();
      await page.getByTestId('connection-banner').waitFor();
      await page.context().setOffline(false);
      await page.getByTestId('login-username').waitFor();
      expect(keeping.faults).toEqual([]);
    } finally {
      await keeping.close();
    }
  });
});
