// SPDX-License-Identifier: Apache-2.0
// Recorded sound: heard beside the pictures it was recorded with by who may listen; who may not sees the pictures alone.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BASE_URL, type Browser, get, openBrowser, send, signIn, waitUntil } from './browser';
import { readStrip } from './frameStrip';

interface Camera {
  id: string;
  name: string;
  status: { state: string };
}

/** With sound that browsers know. */
const CAMERA = 'Simulated camera 01';
const NAME = 'onlooker';
const PASSWORD = 'pictures without words';
const FOOTAGE_MS = 10_000;
const APART_S = 0.1;

let browser: Browser;
let camera = '';
/** From there on so much is recorded. */
let moment = 0;

beforeAll(async () => {
  browser = await openBrowser();
  const { page } = browser;
  await signIn(page);
  await page.getByTestId('wall').waitFor();
  camera = await waitUntil(page, 'the camera records', async () => {
    const { items } = await get<{ items: Camera[] }>(page, '/api/v1/cameras');
    return items.find(({ name, status }) => name === CAMERA && status.state === 'recording')?.id;
  });
  moment = await waitUntil(page, 'some footage without a gap', async () => {
    const from = Date.now() - FOOTAGE_MS - 2_000;
    const { cameras } = await get<{ cameras: { spans: number[][] }[] }>(
      page,
      `/api/v1/timeline?cameras=${camera}&from=${from}&to=${from + FOOTAGE_MS}&buckets=10&stream=main`,
    );
    const whole = cameras[0]?.spans.some(([start = from + 1, end = 0]) => start <= from && end >= from + FOOTAGE_MS);
    return whole && from;
  });
});

afterAll(async () => {
  await browser?.close();
});

const address = () => `${BASE_URL}/console/playback/${camera}?t=${new Date(moment).toISOString()}`;

/** What is heard: how far from what is seen, and whether any sound was made of it. */
const heard = () =>
  browser.page.evaluate(() => {
    const audio = document.querySelector<HTMLAudioElement>('[data-testid="playback-stage"] audio');
    const video = document.querySelector<HTMLVideoElement>('[data-testid="playback-stage"] video');
    const { webkitAudioDecodedByteCount: bytes = 0 } = (audio ?? {}) as { webkitAudioDecodedByteCount?: number };
    return audio && video && { paused: audio.paused, bytes, apartS: Math.abs(audio.currentTime - video.currentTime) };
  });

it('is heard with the pictures it belongs to, and rests where they do or go too fast', async () => {
  const { page } = browser;
  await page.goto(address());
  await page.locator('[data-testid="playback-stage"][data-phase="paused"]').waitFor();
  await page.getByTestId('play-button').click();
  await page.locator('[data-testid="playback-stage"][data-phase="playing"]').waitFor();
  expect(await heard()).toMatchObject({ paused: true, bytes: 0 });
  await page.getByTestId('playback-listen').click();
  let before = 0;
  await waitUntil(page, 'sound with its pictures', async () => {
    const now = await heard();
    const goesOn = before > 0 && (now?.bytes ?? 0) > before;
    before = now?.bytes ?? 0;
    return now && !now.paused && goesOn && now.apartS < APART_S;
  });
  expect(await page.getByTestId('playback-silent').textContent()).toBe('');

  await page.getByTestId('speed').getByText('4×').click();
  await waitUntil(page, 'no sound at four times the speed', async () => (await heard())?.paused);
  await page.getByTestId('speed').getByText('1×', { exact: true }).click();
  await waitUntil(page, 'sound again', async () => (await heard())?.paused === false);
  await page.getByTestId('play-button').click();
  await waitUntil(page, 'no sound of what stands still', async () => (await heard())?.paused);
  expect(browser.faults).toEqual([]);
});

it('is not sent to who may not listen, and the pictures are', async () => {
  const admin = browser.page;
  await send(admin, 'POST', '/api/v1/roles', { name: NAME, permissions: ['view_live', 'view_archive'] });
  const { id } = await send<{ id: string }>(admin, 'POST', '/api/v1/users', {
    username: NAME,
    password: PASSWORD,
    role: NAME,
    mustChangePassword: false,
  });
  const own = await openBrowser();
  try {
    const { page } = own;
    await page.goto(`${BASE_URL}/console/`);
    await page.getByTestId('login-username').fill(NAME);
    await page.getByTestId('login-password').fill(PASSWORD);
    await page.getByTestId('login-submit').click();
    await page.getByTestId('wall').waitFor();
    await page.goto(address());
    await page.locator('[data-testid="playback-stage"][data-phase="paused"]').waitFor();
    const first = await waitUntil(page, 'the picture of the moment', () => readStrip(page, 'playback-stage'));
    await page.getByTestId('step-forward').click();
    await waitUntil(page, 'the next one', async () => (await readStrip(page, 'playback-stage'))?.number !== first.number);
    await page.getByTestId('play-button').click();
    await page.locator('[data-testid="playback-stage"][data-phase="playing"]').waitFor();
    const begun = await waitUntil(page, 'a picture', () => readStrip(page, 'playback-stage'));
    await waitUntil(page, 'later ones', async () => {
      const now = await readStrip(page, 'playback-stage');
      return now && now.number !== begun.number;
    });
    expect(await page.getByTestId('playback-listen').count()).toBe(0);
    expect(own.errors.filter((error) => error.includes('/media/'))).toEqual([]);
  } finally {
    await own.close();
    await send(admin, 'DELETE', `/api/v1/users/${id}`);
    await send(admin, 'DELETE', `/api/v1/roles/${NAME}`);
  }
});
