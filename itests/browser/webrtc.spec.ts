// SPDX-License-Identifier: Apache-2.0
// Live pictures by WebRTC in Chromium, as a player of others gets them: by each way, and over a bad network.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, get, openBrowser, send, signIn, waitUntil } from './browser';
import { LOOP, RENDITION, readSample } from './frameStrip';
import { type LossyRelay, openLossyRelay } from './lossyRelay';
import { openTurnServer, type TurnServer } from './turnServer';
import {
  closeWhep,
  heardByWhep,
  iceServersOfWhep,
  isWhepClosed,
  ownSideOfWhep,
  protocolOfWhep,
  relaysFor,
  type Shown,
  shownByWhep,
  timesByWhep,
  UDP_HERE,
  watchByWhep,
} from './whep';

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
  path = `/api/v1/live/${camera.id}/whep?stream=`;
});

afterAll(async () => {
  await browser?.close();
});

/** Pictures may be left out where the machine is slow, but number and time always go together. */
function expectNumbersByTime(shown: Shown[], rendition: number): void {
  const read = shown.map((sampled) => readSample(sampled));
  expect(read.filter((reading) => reading?.rendition !== rendition)).toEqual([]);
  const first = shown[0] as Shown;
  const expected = shown.map(({ rtpTimestamp }) => {
    const pictures = Math.round(((rtpTimestamp - first.rtpTimestamp) >>> 0) / TICKS);
    return ((read[0]?.number ?? Number.NaN) + pictures) % LOOP;
  });
  expect(read.map((reading) => reading?.number)).toEqual(expected);
}

describe('live by WebRTC', () => {
  const PICTURES = 50;

  it.each([
    ['udp', 'main', 1920, undefined],
    ['tcp', 'main', 1920, undefined],
    // Encoded anew while we watch, with the numbers and times of what it is made of; the camera's AAC is heard only so.
    ['udp', 'main~360p', 640, 'audio/opus'],
  ] as const)(
    'brings each picture with its own time by %s, from an offer on, until DELETE ends it: %s',
    async (protocol, stream, width, sound) => {
      const { page } = browser;
      const view = await watchByWhep(page, `${path}${stream}`, async () => ({ protocol }));
      const shown = await until('pictures', async () => {
        const all = await shownByWhep(page);
        return all.length >= PICTURES ? all : undefined;
      });
      expect(await protocolOfWhep(page)).toBe(protocol);
      expectNumbersByTime(shown, RENDITION.main);
      expect(shown.filter((sampled) => sampled.width !== width)).toEqual([]);
      if (sound) {
        await until('its sound', async () => (await heardByWhep(page)).energy > 0);
      }
      expect((await heardByWhep(page)).codec).toBe(sound);

      await send(page, 'DELETE', view);
      await until('the player is told', () => isWhepClosed(page));
      await expect(send(page, 'DELETE', view)).rejects.toThrow(/404/);
      await closeWhep(page);
    },
  );
});

describe('a network that loses 3 %', () => {
  const FREEZE_MS = 200;
  const STRETCH_MS = 3_000;
  const LOST = 4;
  let relay: LossyRelay;

  afterAll(() => relay?.close());

  interface Stretch {
    fromMs: number;
    toMs: number;
  }

  /** The times through which no picture was later behind the one before than a freeze. */
  function stretches(shown: { atMs: number }[]): Stretch[] {
    const all: Stretch[] = [];
    for (const { atMs } of shown) {
      const last = all.at(-1);
      if (last && atMs - last.toMs <= FREEZE_MS) {
        last.toMs = atMs;
      } else {
        all.push({ fromMs: atMs, toMs: atMs });
      }
    }
    return all;
  }

  /**
   * Lost packets come again in time: without that each of them stops the picture until the next key frame, of which there is one
   * in two seconds. Where the machine itself stands still for a moment, the next stretch is looked at.
   */
  it('does not hold up the picture', async () => {
    const { page } = browser;
    const view = await watchByWhep(page, `${path}sub`, async (answer) => {
      relay = await openLossyRelay(Number(UDP_HERE.exec(answer)?.[1]), 0.03, 7);
      return { protocol: 'udp', port: relay.port };
    });
    const whole = await until('a stretch without a freeze', async () =>
      stretches(await timesByWhep(page)).find(
        ({ fromMs, toMs }) =>
          toMs - fromMs >= STRETCH_MS && relay.lostMs.filter((atMs) => atMs > fromMs && atMs < toMs).length >= LOST,
      ),
    );
    const shown = (await shownByWhep(page)).filter(({ atMs }) => atMs >= whole.fromMs && atMs <= whole.toMs);
    expectNumbersByTime(shown, RENDITION.sub);
    await send(page, 'DELETE', view);
    await closeWhep(page);
  });
});

describe('a player that only a relay lets through', () => {
  const SETTINGS = join(process.env.NXVMS_DATA ?? '', 'etc', 'org.nxvms.live.webrtc.turn.cfg');
  const SECRET = 'of-the-relay-97531';
  const PICTURES = 25;
  let relay: TurnServer;

  afterAll(async () => {
    rmSync(SETTINGS, { force: true });
    await relay?.close();
  });

  it('shows the relay what the server gave it, and has pictures through it', async () => {
    const { page } = browser;
    relay = await openTurnServer(SECRET);
    writeFileSync(SETTINGS, `servers = ${relay.uri}\nsecret = ${SECRET}\n`);
    const iceServers = await until('the relay is told to players', async () => {
      const told = await iceServersOfWhep(page, `${path}sub`);
      return told.some(({ urls }) => urls === relay.uri) && told;
    });

    // Without what is told, the relay lets nobody through.
    const [{ urls, username }] = iceServers as [RTCIceServer];
    const stranger: RTCConfiguration = {
      iceServers: [{ urls, username, credential: 'guessed' }],
      iceTransportPolicy: 'relay',
    };
    expect(await relaysFor(page, stranger)).toEqual([]);

    const view = await watchByWhep(page, `${path}sub`, async () => ({ protocol: 'udp' }), {
      iceServers,
      iceTransportPolicy: 'relay',
    });
    const shown = await until('pictures', async () => {
      const all = await shownByWhep(page);
      return all.length >= PICTURES ? all : undefined;
    });
    expectNumbersByTime(shown, RENDITION.sub);
    expect(await ownSideOfWhep(page)).toBe('relay');
    await send(page, 'DELETE', view);
    await closeWhep(page);
  });
});
