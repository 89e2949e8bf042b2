// SPDX-License-Identifier: Apache-2.0
// The console's live picture by each way that it knows, and how it goes on where the network closes one.
import { afterEach, describe, expect, it } from 'vitest';
import { type Browser, get, openBrowser, signIn, waitUntil } from './browser';
import { LOOP, type Reading, RENDITION, readStrip } from './frameStrip';

interface Camera {
  id: string;
  status: { state: string };
}

let browser: Browser;

afterEach(async () => {
  expect(browser.faults).toEqual([]);
  await browser.close();
});

const until = <T>(what: string, ask: () => Promise<T | undefined | false>) => waitUntil(browser.page, what, ask);

const badge = (name: string) => browser.page.getByTestId('tile-badge').first().getAttribute(name);

/** Opens the wall with one camera, whose picture is to come by a way. */
async function watch(way: string): Promise<void> {
  const { page } = browser;
  await signIn(page);
  await page.getByTestId('wall').waitFor();
  const camera = await until('a camera that records', async () => {
    const { items } = await get<{ items: Camera[] }>(page, '/api/v1/cameras');
    return items.find(({ status }) => status.state === 'recording');
  });
  await page.getByTestId(`tree-camera-${camera.id}`).click();
  await until(`a picture by ${way}`, async () => (await badge('data-way')) === way);
  await expectMoving();
}

/** Numbers of the small stream, that go on by a second at least. */
async function expectMoving(): Promise<void> {
  const read = () => readStrip(browser.page, 'tile-0');
  const ahead = (from: Reading, to: Reading) => (to.number - from.number + LOOP) % LOOP;
  const first = await until('a picture', read);
  expect(Object.values(RENDITION)).toContain(first.rendition);
  const later = await until('a later picture', async () => {
    const reading = await read();
    return reading && ahead(first, reading) >= 25 ? reading : undefined;
  });
  expect(ahead(first, later)).toBeLessThan(LOOP / 2);
}

describe('a live picture in the console', () => {
  it('comes by WebRTC', async () => {
    browser = await openBrowser();
    await watch('webrtc');
    expect(await badge('title')).not.toContain('Not by');
    await until('its age', async () => (await badge('data-latency')) !== null);
    expect(Number(await badge('data-latency'))).toBeLessThan(10_000);
  });

  it('comes by WebRTC where no UDP goes, too', async () => {
    browser = await openBrowser('--force-webrtc-ip-handling-policy=disable_non_proxied_udp');
    await watch('webrtc');
  });

  it('comes by the socket where WebRTC is closed, and says why', async () => {
    browser = await openBrowser();
    await browser.page.route('**/whep*', (route) => route.abort());
    await watch('ws');
    expect(await badge('title')).toContain('Not by WebRTC: the network does not let it through');
  });

  it('comes by LL-HLS where sockets are closed as well', async () => {
    browser = await openBrowser();
    await browser.page.route('**/whep*', (route) => route.abort());
    await browser.page.addInitScript(() => {
      // As behind a proxy that knows no upgrades.
      window.WebSocket = class extends EventTarget {
        onclose: ((event: CloseEvent) => void) | null = null;
        constructor() {
          super();
          setTimeout(() => this.onclose?.(new CloseEvent('close', { code: 1006 })), 0);
        }
        close() {}
      } as unknown as typeof WebSocket;
    });
    await watch('hls');
    expect(await badge('title')).toContain('Not by MSE: the network does not let it through');
  });
});
