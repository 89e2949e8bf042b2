// SPDX-License-Identifier: Apache-2.0
// A right that is taken away ends a view by WebRTC that is running in a browser.
import { expect, it } from 'vitest';
import { ADMIN_PASSWORD, BASE_URL, openBrowser, waitUntil } from './browser';

const PASSWORD = 'Look-at-this-9-gate';
const PICTURES = 25;
/** Five seconds are promised; the rest is for a machine that does other things too. */
const LIMIT_MS = 20_000;

interface Watching {
  nxvmsWithdrawn: RTCPeerConnection;
}

async function ask<T>(bearer: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${BASE_URL}/api/v1${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(bearer && { Authorization: `Bearer ${bearer}` }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  }
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

const signIn = async (username: string, password: string) =>
  (await ask<{ accessToken: string }>('', 'POST', '/auth/login', { username, password })).accessToken;

it('a view by WebRTC ends with the right to watch', async () => {
  const admin = await signIn('admin', ADMIN_PASSWORD);
  const { items } = await ask<{ items: { id: string; status: { state: string } }[] }>(admin, 'GET', '/cameras');
  const camera = items.find((one) => one.status.state === 'recording');
  const user = await ask<{ id: string }>(admin, 'POST', '/users', {
    username: 'wanda',
    password: PASSWORD,
    role: 'guest',
    mustChangePassword: false,
  });
  const grants = `/users/${user.id}/grants`;
  const grant = await ask<{ id: string }>(admin, 'POST', grants, { role: 'viewer', scope: `camera/${camera?.id}` });
  const wanda = await signIn('wanda', PASSWORD);

  const browser = await openBrowser();
  try {
    const { page } = browser;
    await page.goto(`${BASE_URL}/console/`);
    await page.evaluate(
      async ({ path, bearer }) => {
        const player = new RTCPeerConnection();
        player.addTransceiver('video', { direction: 'recvonly' });
        (window as unknown as Watching).nxvmsWithdrawn = player;
        await player.setLocalDescription();
        const answer = await fetch(path, {
          method: 'POST',
          credentials: 'omit',
          headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${bearer}` },
          body: player.localDescription?.sdp,
        });
        if (answer.status !== 201) {
          throw new Error(`${answer.status} ${await answer.text()}`);
        }
        await player.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
      },
      { path: `/api/v1/live/${camera?.id}/whep?stream=main`, bearer: wanda },
    );
    await waitUntil(page, 'pictures', () =>
      page.evaluate(async (wanted) => {
        const stats = await (window as unknown as Watching).nxvmsWithdrawn.getStats();
        return [...stats.values()].some((one) => one.type === 'inbound-rtp' && one.framesDecoded >= wanted);
      }, PICTURES),
    );

    const sinceMs = Date.now();
    await ask(admin, 'DELETE', `${grants}/${grant.id}`);
    await waitUntil(page, 'the player is told', () =>
      page.evaluate(() => {
        const { nxvmsWithdrawn } = window as unknown as Watching;
        return nxvmsWithdrawn.getReceivers()[0]?.transport?.state === 'closed';
      }),
    );
    expect(Date.now() - sinceMs).toBeLessThan(LIMIT_MS);
  } finally {
    await browser.close();
    await ask(admin, 'DELETE', `/users/${user.id}`);
  }
});
