// SPDX-License-Identifier: Apache-2.0
// Players of others in a real browser: what they show live and of the archive, told by the pictures' own numbers.
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BASE_URL, type Browser, get, openBrowser, signIn, waitUntil } from './browser';
import { LOOP, type Reading, readFirstPicture, readSample, RENDITION, type Sampled, teachSampling } from './frameStrip';

const SCRIPTS = {
  'hls.js': 'hls.js/dist/hls.min.js',
  'dash.js': 'dashjs/dist/modern/umd/dash.all.min.js',
  shaka: 'shaka-player/dist/shaka-player.compiled.js',
} as const;

type Player = keyof typeof SCRIPTS;

const PAGE = `${BASE_URL}/players.html`;
const SELECTOR = '[data-testid="player"]';
const FRAME_MS = 40;
/** A live position is a wall time that a player tells to some pictures; what is wrong is wrong by seconds. */
const LIVE_PICTURES = 13;

interface Fragment {
  startMs: number;
  durationMs: number;
  offset: number;
  length: number;
  key: boolean;
  frames: number;
}

/** A key frame in the archive, and the number of its picture. */
interface Anchor {
  startMs: number;
  endMs: number;
  number: number;
}

interface Shown {
  /** Position of the video. */
  seconds: number;
  /** When that was, as the player says; of live streams. */
  wallMs: number;
  picture: Reading;
}

/** What scripts in the page share. */
interface Scope {
  nxvmsSample(picture: HTMLVideoElement): Sampled;
  nxvmsTrouble: string[];
  nxvmsWallMs(): number;
  nxvmsEnd(): Promise<void> | void;
}

let browser: Browser;
let camera: string;

const until = <T>(what: string, ask: () => Promise<T | undefined | false>) => waitUntil(browser.page, what, ask);

const apart = (a: number, b: number) => {
  const distance = (((a - b) % LOOP) + LOOP) % LOOP;
  return Math.min(distance, LOOP - distance);
};

beforeAll(async () => {
  browser = await openBrowser();
  const { page } = browser;
  await signIn(page);
  await page.getByTestId('wall').waitFor();
  camera = await until('a camera that records', async () => {
    const { items } = await get<{ items: { id: string; status: { state: string } }[] }>(page, '/api/v1/cameras');
    return items.find(({ status }) => status.state === 'recording')?.id;
  });
  // A page as others write them, of the same origin.
  await page.route(PAGE, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Players</title><body></body>' }),
  );
  await page.goto(PAGE);
  const require = createRequire(import.meta.url);
  for (const script of Object.values(SCRIPTS)) {
    await page.addScriptTag({ path: require.resolve('vitest/package.json').replace('vitest/package.json', script) });
  }
  await teachSampling(page);
});

afterEach(async () => {
  await browser.page.evaluate(async (selector) => {
    const scope = window as unknown as Partial<Scope>;
    await scope.nxvmsEnd?.();
    scope.nxvmsEnd = undefined;
    document.querySelector(selector)?.remove();
  }, SELECTOR);
});

afterAll(async () => {
  await browser?.close();
});

/** Lets a player play; it begins by itself. */
async function play(player: Player, path: string): Promise<void> {
  await browser.page.evaluate(
    async ({ player, url }) => {
      // What their scripts brought has no types here.
      const page = window as any;
      const holder = document.createElement('div');
      holder.dataset.testid = 'player';
      // In sight: what is not painted need not be decoded.
      holder.style.cssText = 'position: fixed; top: 0; left: 0; width: 640px';
      const video = document.createElement('video');
      video.muted = true;
      video.autoplay = true;
      video.style.width = '100%';
      holder.append(video);
      document.body.append(holder);
      page.nxvmsTrouble = [];
      const trouble = (...words: unknown[]) => page.nxvmsTrouble.push(words.map(String).join(' '));
      if (player === 'hls.js') {
        const hls = new page.Hls();
        page.nxvmsHls = hls;
        page.nxvmsEnd = () => hls.destroy();
        page.nxvmsWallMs = () => {
          const details = hls.latestLevelDetails;
          const all = [...details.fragments, ...(details.fragmentHint ? [details.fragmentHint] : [])];
          const here = all.findLast((one) => one.start <= video.currentTime) ?? all[0];
          return here.programDateTime + (video.currentTime - here.start) * 1000;
        };
        hls.on(page.Hls.Events.ERROR, (_: unknown, data: { details: string; error: Error; fatal: boolean }) =>
          trouble(data.fatal ? 'fatal' : 'passing', data.details, data.error?.message),
        );
        hls.loadSource(url);
        hls.attachMedia(video);
      } else if (player === 'dash.js') {
        const dash = page.dashjs.MediaPlayer().create();
        page.nxvmsEnd = () => dash.destroy();
        // Times count from 1970.
        page.nxvmsWallMs = () => video.currentTime * 1000;
        dash.on('error', (event: { error: unknown }) => trouble(JSON.stringify(event.error)));
        // It sends no cookies with what it fetches while that grows, unless told to.
        dash.setXHRWithCredentialsForType(null, true);
        dash.initialize(video, url, true);
      } else {
        const shaka = new page.shaka.Player();
        page.nxvmsShaka = shaka;
        page.nxvmsEnd = () => shaka.destroy();
        page.nxvmsWallMs = () => shaka.getPlayheadTimeAsDate()?.getTime() ?? video.currentTime * 1000;
        shaka.addEventListener('error', (event: { detail: { code: number } }) => trouble(event.detail.code));
        await shaka.attach(video);
        await shaka.load(url);
      }
    },
    { player, url: `${BASE_URL}${path}` },
  );
}

/** What stands in the player now, position and picture at one moment; nothing while it has none. */
async function shown(): Promise<Shown | undefined> {
  const seen = await browser.page.evaluate((selector) => {
    const scope = window as unknown as Scope;
    const video = document.querySelector<HTMLVideoElement>(`${selector} video`);
    return video && video.readyState >= 2 && !video.seeking && video.videoWidth > 0
      ? { sampled: scope.nxvmsSample(video), seconds: video.currentTime, wallMs: scope.nxvmsWallMs() }
      : undefined;
  }, SELECTOR);
  const picture = seen && readSample(seen.sampled);
  return seen && picture && { seconds: seen.seconds, wallMs: seen.wallMs, picture };
}

/** Waits as {@link until}; says what the player said, should it be in vain. */
async function untilPlayer<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  try {
    return await until(what, ask);
  } catch (e) {
    const said = await browser.page.evaluate((selector) => {
      const video = document.querySelector<HTMLVideoElement>(`${selector} video`);
      const ranges = [...Array(video?.buffered.length ?? 0).keys()].map(
        (i) => `${video?.buffered.start(i)}..${video?.buffered.end(i)}`,
      );
      const { nxvmsTrouble } = window as unknown as Scope;
      return `at ${video?.currentTime} of [${ranges}], ready ${video?.readyState}: ${nxvmsTrouble.join('; ')}`;
    }, SELECTOR);
    throw new Error(`${(e as Error).message}; the player is ${said}, shows ${JSON.stringify(await shown())}`);
  }
}

const video = (action: 'pause' | 'play', seconds?: number) =>
  browser.page.evaluate(
    ({ selector, action, seconds }) => {
      const element = document.querySelector<HTMLVideoElement>(`${selector} video`);
      if (element && seconds !== undefined) {
        element.currentTime = seconds;
      }
      // What it plays is seen by its pictures.
      void element?.[action]();
    },
    { selector: SELECTOR, action, seconds },
  );

/** The newest key frame before a moment with so much footage behind it, once it is on disk. */
async function anchor(beforeMs: number, behindMs: number, of = camera): Promise<Anchor> {
  const { page } = browser;
  const found = await until('footage of that time', async () => {
    const { items } = await get<{ items: { id: string }[] }>(
      page,
      `/api/v1/archive/${of}/segments?from=${Math.floor(beforeMs) - 60_000}&to=${Math.ceil(beforeMs)}&stream=main&limit=100`,
    );
    for (const { id } of items.reverse()) {
      const index = await get<{ initId: string; fragments: Fragment[] }>(page, `/api/v1/archive/segments/${id}/index`);
      const last = index.fragments.at(-1);
      const endMs = last ? last.startMs + last.durationMs : 0;
      const fragment = index.fragments.findLast(
        ({ key, startMs }) => key && startMs <= beforeMs && startMs + behindMs <= endMs,
      );
      if (fragment) {
        return { id, initId: index.initId, fragment, endMs };
      }
    }
    return undefined;
  });
  const { fragment } = found;
  const first = await readFirstPicture(page, [
    [`/media/v1/init/${found.initId}`],
    [`/media/v1/segments/${found.id}`, `bytes=${fragment.offset}-${fragment.offset + fragment.length - 1}`],
  ]);
  if (!first) {
    throw new Error('the number of a recorded picture cannot be read');
  }
  return { startMs: fragment.startMs, endMs: found.endMs, number: first.number };
}

describe.each([
  ['hls.js', 'index.m3u8'],
  ['dash.js', 'manifest.mpd'],
  ['shaka', 'manifest.mpd'],
] as [Player, string][])('%s', (player, file) => {
  it('shows live what the camera shows, and goes on', async () => {
    await play(player, `/media/v1/live/${camera}/${file}?stream=main`);
    const first = await untilPlayer('a live picture', shown);
    await untilPlayer('a second of pictures', async () => ((await shown())?.seconds ?? 0) >= first.seconds + 1);
    await video('pause');
    const stands = await untilPlayer('a picture that stands', async () => {
      const before = await shown();
      const after = await shown();
      return before && after && before.picture.number === after.picture.number && after;
    });
    expect(stands.picture.rendition).toBe(RENDITION.main);
    const recorded = await anchor(stands.wallMs, 0);
    const expected = recorded.number + (stands.wallMs - recorded.startMs) / FRAME_MS;
    expect(apart(stands.picture.number, expected), JSON.stringify({ stands, recorded })).toBeLessThan(LIVE_PICTURES);
  });

  it('shows of the archive the very picture of a moment', async () => {
    const { startMs, number } = await anchor(Date.now(), 5_000);
    // Milliseconds are rounded down: a millisecond later is still the same picture.
    const range = `from=${startMs + 1}&to=${startMs + 5_000}&stream=main`;
    await play(player, `/media/v1/archive/${camera}/${file}?${range}`);
    await untilPlayer('a picture', shown);
    for (const later of [30, 5, 77]) {
      await video('pause', ((later + 0.5) * FRAME_MS) / 1000);
      await untilPlayer(`picture ${(number + later) % LOOP}`, async () => {
        const now = await shown();
        return now?.picture.rendition === RENDITION.main && now.picture.number === (number + later) % LOOP;
      });
    }
  });
});

/** Of a camera whose sound (G.711) no browser knows: with it in the file players refuse the pictures, too. */
describe.each([
  ['hls.js', 'index.m3u8'],
  ['hls.js', 'variants.m3u8'],
  ['shaka', 'index.m3u8'],
  ['dash.js', 'manifest.mpd'],
] as [Player, string][])('%s, by %s, of a camera with telephone sound', (player, file) => {
  it('shows of the archive the very picture of a moment', async () => {
    const { items } = await get<{ items: { id: string; status: { streams: { role: string; codecs?: string }[] } }[] }>(
      browser.page,
      '/api/v1/cameras',
    );
    const telephone = items.find(({ status }) =>
      status.streams.some(({ role, codecs }) => role === 'main' && codecs?.endsWith(',ulaw')),
    )?.id;
    expect(telephone, 'a camera whose sound is G.711').toBeDefined();
    const { startMs, number } = await anchor(Date.now(), 5_000, telephone);
    await play(player, `/media/v1/archive/${telephone}/${file}?from=${startMs + 1}&to=${startMs + 5_000}`);
    await untilPlayer('a picture', shown);
    await video('pause', (30.5 * FRAME_MS) / 1000);
    await untilPlayer(`picture ${(number + 30) % LOOP}`, async () => {
      const now = await shown();
      return now?.picture.rendition === RENDITION.main && now.picture.number === (number + 30) % LOOP;
    });
  });
});

describe('hls.js, among the streams of a camera', () => {
  it('goes over to the other one where it stands', async () => {
    await play('hls.js', `/media/v1/live/${camera}/variants.m3u8`);
    await untilPlayer('a live picture', shown);
    for (const role of ['sub', 'main', 'sub'] as const) {
      const before = await browser.page.evaluate(
        ({ role, selector }) => {
          const { nxvmsHls: hls } = window as any;
          hls.currentLevel = hls.levels.findIndex(({ url }: { url: string[] }) => url[0]?.endsWith(`stream=${role}`));
          return document.querySelector<HTMLVideoElement>(`${selector} video`)?.currentTime ?? 0;
        },
        { role, selector: SELECTOR },
      );
      const there = await untilPlayer(`pictures of ${role} that go on`, async () => {
        const now = await shown();
        return now?.picture.rendition === RENDITION[role] && now.seconds >= before + 1 && now;
      });
      expect(there.seconds - before, 'it goes on where it was').toBeLessThan(20);
    }
  });
});

describe('shaka, at many times the speed', () => {
  it('runs through the archive by key frames', async () => {
    const { startMs } = await anchor(Date.now(), 20_000);
    const keyFrames = new Set<string>();
    browser.page.on('request', (request) => {
      if (request.url().includes('/media/v1/keyframes/')) {
        keyFrames.add(request.url());
      }
    });
    const range = `from=${startMs + 1}&to=${startMs + 20_000}`;
    await play('shaka', `/media/v1/archive/${camera}/variants.m3u8?${range}`);
    await untilPlayer('a picture', shown);
    await browser.page.evaluate(() => (window as any).nxvmsShaka.trickPlay(8));
    await untilPlayer('pictures of the end', async () => ((await shown())?.seconds ?? 0) >= 15);
    expect(keyFrames.size, 'key frames that were fetched').toBeGreaterThan(2);
  });
});

describe('a page with pictures along its time line', () => {
  it('finds the picture of a position on its sheet', async () => {
    const { page } = browser;
    const { startMs } = await anchor(Date.now(), 12_000);
    const folder = `/media/v1/archive/${camera}/`;
    const index = await page.evaluate(
      async (url) => (await fetch(url)).text(),
      `${folder}thumbnails.vtt?from=${startMs + 1}&to=${startMs + 12_000}&step=2000`,
    );
    const cell = /sheet\.jpg\S+#xywh=\d+,\d+,160,90/.exec(index)?.[0];
    expect(cell, index).toBeDefined();
    const [sheet, place] = (cell ?? '').split('#xywh=');
    const [x = 0, y = 0] = (place ?? '').split(',').map(Number);
    // While others wait for pictures too it may be told to come again.
    const seen = await until('the sheet', () =>
      page.evaluate(
        async ({ url, x, y }) => {
          const answer = await fetch(url);
          if (!answer.ok) {
            return undefined;
          }
          const picture = await createImageBitmap(await answer.blob());
          const canvas = document.createElement('canvas');
          canvas.width = picture.width;
          canvas.height = picture.height;
          const context = canvas.getContext('2d');
          context?.drawImage(picture, 0, 0);
          const pixels = context?.getImageData(x, y, 160, 90).data ?? [];
          const brightest = Math.max(...pixels.filter((_, i) => i % 4 < 3));
          return { width: picture.width, height: picture.height, brightest };
        },
        { url: `${folder}${sheet}`, x, y },
      ),
    );
    expect(seen).toMatchObject({ width: 800, height: 450 });
    expect(seen.brightest, 'there is a picture in the cell').toBeGreaterThan(100);
  });
});
