// SPDX-License-Identifier: Apache-2.0

/**
 * Lets the browser keep the shell of the console, so that it can be installed and opens without the server. Only where
 * browsers allow it: by HTTPS with a certificate they trust, or on the machine itself. Never while it is developed.
 */
export function registerWorker(built = import.meta.env.PROD): void {
  if (built && 'serviceWorker' in navigator) {
    navigator.serviceWorker
      .register('/console/sw.js', { scope: '/console/', updateViaCache: 'none' })
      // The console works without it.
      .catch((cause: unknown) => console.info('The browser does not keep the console:', cause));
  }
}
