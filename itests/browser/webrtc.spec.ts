// SPDX-License-Identifier: Apache-2.0
// Live pictures by WebRTC in Chromium, as a player of others gets them, by each way.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, get, openBrowser, send, signIn, waitUntil } from './browser';
import { LOOP, RENDITION, readSample } from './frameStrip';
import { closeWhep, isWhepClosed, protocolOfWhep, type Shown, shownByWhep, watchByWhep } from './whep';

interface Camera {
  id: string;
  status: { state: string };
}

const TICKS = 3_600;

let browser: Browser;
let path: string;

const until = <T>(what: string, ask: () => Promise<T | undefined | false>, timeoutMs?: number) =>
  waitUntil(browser.page, what, ask, timeoutMs);

beforeAll(async () => {
  browser = await openBrowser();
  const { page } = browser;
  await signIn(page);
  await page.getByTestId('wall').waitFor();
  const camera = await until('a camera that records', async () => {
    const { items } = await get<{ items: Camera[] }>(page, '/api/v1/cameras');
    return items.find(({ status }) => status.state === 'recording');
  });
  path = `/api/v1/live/${camera.id}/whep?stream=main`;
});

afterAll(async () => {
  await browser?.close();
});

describe('live by WebRTC', () => {
  const PICTURES = 50;

  it.each(['udp', 'tcp'] as const)(
    'brings each picture with its own time by %s, from an offer on, until DELETE ends it',
    async (protocol) => {
      const { page } = browser;
      const view = await watchByWhep(page, path, protocol);
      const shown = await until('pictures', async () => {
        const all = await shownByWhep(page);
        return all.length >= PICTURES ? all : undefined;
      });
      expect(await protocolOfWhep(page)).toBe(protocol);
      const read = shown.map((sampled) => readSample(sampled));
      expect(read.filter((reading) => reading?.rendition !== RENDITION.main)).toEqual([]);
      // Pictures may be left out where the machine is slow, but number and time always go together.
      const first = shown[0] as Shown;
      const expected = shown.map(({ rtpTimestamp }) => {
        const pictures = Math.round(((rtpTimestamp - first.rtpTimestamp) >>> 0) / TICKS);
        return ((read[0]?.number ?? Number.NaN) + pictures) % LOOP;
      });
      expect(read.map((reading) => reading?.number)).toEqual(expected);

      await send(page, 'DELETE', view);
      await until('the player is told', () => isWhepClosed(page));
      await expect(send(page, 'DELETE', view)).rejects.toThrow(/404/);
      await closeWhep(page);
    },
  );
});
