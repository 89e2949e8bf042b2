// SPDX-License-Identifier: Apache-2.0
// The console in a real browser on a real server that records cameras of the simulator.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE_URL, type Browser, get, openBrowser, send, signIn, waitUntil } from './browser';
import { anchorOf, FRAME_MS } from './anchor';
import { breaches } from './axe';
import {
  LOOP,
  type Reading,
  readSample,
  readStrip,
  RENDITION,
  sampledTogether,
  watchPictures,
} from './frameStrip';

interface Camera {
  id: string;
  name: string;
  recording: { volumes: string[] };
  status: { state: string; streams: { role: string }[] };
}

let browser: Browser;
let camera: Camera;

const until = <T>(what: string, ask: () => Promise<T | undefined | false>, timeoutMs?: number) =>
  waitUntil(browser.page, what, ask, timeoutMs);

/** Of the 25 pictures of a second that is played backwards, even on a busy machine. */
const STEPS_BACK_MIN = 5;

const ahead = (from: Reading, to: Reading) => (to.number - from.number + LOOP) % LOOP;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
});

describe('signing in', () => {
  it('with a wrong password says so in the form and keeps the focus there', async () => {
    const { page } = browser;
    await signIn(page, 'certainly wrong');
    await page.getByTestId('login-error').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('login-password');
  });

  it('leads to the live wall, with a session that no script can read', async () => {
    const { page } = browser;
    await signIn(page);
    await page.getByTestId('wall').waitFor();
    const cookies = await page.context().cookies(BASE_URL);
    expect(cookies.find(({ name }) => name === 'nxvms_session')).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(page.url()).toBe(`${BASE_URL}/console/live`);
    camera = await until('a camera that records', async () => {
      const { items } = await get<{ items: Camera[] }>(page, '/api/v1/cameras');
      return items.find((candidate) => candidate.status.state === 'recording');
    });
  });
});

describe('live wall', () => {
  it('shows a camera chosen in the tree, and the picture moves', async () => {
    const { page } = browser;
    await page.getByTestId(`tree-camera-${camera.id}`).click();
    const first = await until('a picture in the first cell', () => readStrip(page, 'tile-0'));
    const later = await until('a later picture', async () => {
      const reading = await readStrip(page, 'tile-0');
      return reading && ahead(first, reading) >= 25 ? reading : undefined;
    });
    expect(ahead(first, later)).toBeLessThan(LOOP / 2);
  });

  it('takes the small stream for a cell and the large one when maximised, never without a picture between', async () => {
    const { page } = browser;
    const hasSub = camera.status.streams.some(({ role }) => role === 'sub');
    const small = await until('a picture', () => readStrip(page, 'tile-0'));
    expect(small.rendition).toBe(hasSub ? RENDITION.sub : RENDITION.main);
    await page.getByTestId('tile-0').dblclick();
    let dark = 0;
    const large = await until('the main stream', async () => {
      const reading = await readStrip(page, 'tile-0');
      dark += reading ? 0 : 1;
      return reading?.rendition === RENDITION.main ? reading : undefined;
    });
    expect(dark).toBe(0);
    expect(large.width).toBeGreaterThan(hasSub ? small.width : 0);
    await page.keyboard.press('Escape');
    await until('the small stream again', async () => (await readStrip(page, 'tile-0'))?.rendition === small.rendition);
  });

  it('has the large stream in a large cell of a mixed grid', async () => {
    const { page } = browser;
    await page.getByTestId('wall-mixed').click();
    await page.getByTestId('wall-grid-1+5').click();
    await until('the main stream', async () => (await readStrip(page, 'tile-0'))?.rendition === RENDITION.main);
    expect(await page.getByTestId('wall').locator('article').count()).toBe(6);
    await page.getByTestId('wall-size').getByText('4', { exact: true }).click();
    await page.locator('[data-testid="wall"][data-grid="4"]').waitFor();
  });

  it('says how old the picture is', async () => {
    const { page } = browser;
    const latencyMs = await until('a latency', async () => {
      const text = await page.getByTestId('tile-badge').first().getAttribute('data-latency');
      return text === null ? undefined : Number(text);
    });
    expect(latencyMs).toBeGreaterThan(-100);
    expect(latencyMs).toBeLessThan(10_000);
  });

  it('is the same after a reload', async () => {
    const { page } = browser;
    await page.reload();
    await page.getByTestId('wall').waitFor();
    expect(await page.getByTestId('tile-0').getAttribute('data-camera')).toBe(camera.id);
    await until('a picture after the reload', () => readStrip(page, 'tile-0'));
  });
});

describe('playback', () => {
  const LOOKS = 10;
  const SKEW_MS_MAX = 100;

  const anchor = (of = camera) => anchorOf(browser.page, of.id);

  const settled = (aboutMs: number) =>
    until(`the picture of ${new Date(aboutMs).toISOString()}`, async () => {
      const { page } = browser;
      const phase = await page.getByTestId('playback-stage').getAttribute('data-phase');
      const utc = Number(await page.getByTestId('position-clock').getAttribute('data-utc'));
      const there = phase === 'paused' && utc <= aboutMs + 1 && utc > aboutMs - FRAME_MS;
      return there ? readStrip(page, 'playback-stage') : undefined;
    });

  it('by a link shows exactly the picture of that moment: the last one at or before it', async () => {
    const { page } = browser;
    const { fragment, first } = await anchor();
    for (const pictures of [0, 1, 7, 24]) {
      const moment = fragment.startMs + pictures * FRAME_MS + 15;
      await page.goto(`${BASE_URL}/console/playback/${camera.id}?t=${new Date(moment).toISOString()}`);
      const shown = await settled(moment);
      expect({ pictures, number: shown.number }).toEqual({ pictures, number: (first.number + pictures) % LOOP });
      expect(shown.rendition).toBe(RENDITION.main);
    }
  });

  it('steps picture by picture, over the border of a fragment and back to where it was', async () => {
    const { page } = browser;
    const { fragment, first } = await anchor();
    const moment = fragment.startMs + fragment.durationMs - 3 * FRAME_MS + 15;
    await page.goto(`${BASE_URL}/console/playback/${camera.id}?t=${new Date(moment).toISOString()}`);
    const start = await settled(moment);
    expect(start.number).toBe((first.number + fragment.frames - 3) % LOOP);
    const numbers: number[] = [];
    for (let n = 1; n <= 6; n++) {
      await page.getByTestId('step-forward').click();
      numbers.push((await settled(moment + n * FRAME_MS)).number);
    }
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6].map((n) => (start.number + n) % LOOP));
    // Decoded one by one: the canvas says whose picture it has.
    const painted = page.getByTestId('playback-stage').locator('canvas.player-canvas:not([hidden])');
    expect(Number(await painted.getAttribute('data-utc'))).toBeCloseTo(
      Number(await page.getByTestId('position-clock').getAttribute('data-utc')),
      2,
    );
    for (let n = 5; n >= 0; n--) {
      await page.getByTestId('step-back').click();
      await settled(moment + n * FRAME_MS);
    }
    expect((await settled(moment)).number).toBe(start.number);
  });

  it('plays on, and the address follows', async () => {
    const { page } = browser;
    const before = await until('a picture', () => readStrip(page, 'playback-stage'));
    const address = page.url();
    await page.getByTestId('play-button').click();
    await until('25 pictures further', async () => {
      const reading = await readStrip(page, 'playback-stage');
      return reading && ahead(before, reading) >= 25 && ahead(before, reading) < LOOP / 2;
    });
    await until('another moment in the address', async () => page.url() !== address);
    await page.getByTestId('play-button').click();
  });

  it('plays backwards, one earlier picture after the other', async () => {
    const { page } = browser;
    const utc = async () => Number(await page.getByTestId('position-clock').getAttribute('data-utc'));
    const before = await until('a picture that stands', () => readStrip(page, 'playback-stage'));
    const from = await utc();
    const watched = await watchPictures(page, ['[data-testid="playback-stage"]']);
    await page.keyboard.press('j');
    await until('a second earlier', async () => (await utc()) < from - 1_000);
    await page.getByTestId('play-backwards').click();
    const shown = await until('an earlier picture that stands', async () => {
      const phase = await page.getByTestId('playback-stage').getAttribute('data-phase');
      return phase === 'paused' ? readStrip(page, 'playback-stage') : undefined;
    });
    const { seen } = await watched();
    const steps = seen.slice(1).map((one, n) => ahead(one, seen[n] ?? one));
    expect(steps.filter((step) => step > LOOP / 2)).toEqual([]);
    expect(steps.filter((step) => step > 0).length).toBeGreaterThan(STEPS_BACK_MIN);
    const pictures = (from - (await utc())) / FRAME_MS;
    // While a camera's time is pulled to that of the server, a picture lasts up to a tenth longer or shorter.
    expect(Math.abs(ahead(shown, before) - pictures)).toBeLessThanOrEqual(pictures * 0.1 + 1);
  });

  it('shows exactly the picture of a moment from an encrypted volume too, and plays on from there', async () => {
    const { page } = browser;
    const { items } = await get<{ items: Camera[] }>(page, '/api/v1/cameras');
    const safe = items.find(({ recording }) => recording.volumes.includes('vault'));
    if (!safe) {
      throw new Error('no camera is recorded on the encrypted volume');
    }
    const { fragment, first } = await anchor(safe);
    const moment = fragment.startMs + 7 * FRAME_MS + 15;
    await page.goto(`${BASE_URL}/console/playback/${safe.id}?t=${new Date(moment).toISOString()}`);
    const shown = await settled(moment);
    expect(shown.number).toBe((first.number + 7) % LOOP);
    await page.getByTestId('play-button').click();
    await until('25 pictures further', async () => {
      const reading = await readStrip(page, 'playback-stage');
      return reading && ahead(shown, reading) >= 25 && ahead(shown, reading) < LOOP / 2;
    });
    await page.getByTestId('play-button').click();
  });

  it('of several cameras shows one moment, and they stay together when it is played, stopped and stepped', async () => {
    const { page } = browser;
    const { items } = await get<{ items: Camera[] }>(page, '/api/v1/cameras');
    const cameras = items.slice(0, 2);
    const ids = cameras.map(({ id }) => id);
    // One may have begun to record a little later than the other.
    const begun: number[] = [];
    for (const one of cameras) {
      begun.push((await anchor(one)).fragment.startMs);
    }
    type Shown = { utc: number; picture: Reading };
    /** What each camera shows once all stand at the moment that the address has: the last picture at or before it. */
    const together = (what: string, isThere: (moment: number, shown: Shown[]) => boolean) =>
      until(`all cameras at one moment ${what}`, async () => {
        const moment = Date.parse(new URL(page.url()).searchParams.get('t') ?? '');
        const shown: Shown[] = [];
        for (const id of ids) {
          const tile = page.getByTestId(`together-${id}`);
          const utc = Number(await tile.getByTestId('position-clock').getAttribute('data-utc'));
          const picture = await readStrip(page, `together-${id}`);
          const stands = (await tile.getAttribute('data-phase')) === 'paused';
          // While a camera's time is pulled to that of the server, a picture lasts up to a tenth longer.
          if (!picture || !stands || utc > moment + 1 || utc <= moment - FRAME_MS * 1.1) {
            return undefined;
          }
          shown.push({ utc, picture });
        }
        return isThere(moment, shown) ? shown : undefined;
      });
    const after = (utcMs: number) => (moment: number) => moment > utcMs;
    /** That pictures are of the time they are said to be of: as many later as the time between takes. */
    const advanced = (before: Shown[], now: Shown[]) => {
      now.forEach(({ utc, picture }, n) => {
        const from = before[n];
        const pictures = (utc - (from?.utc ?? 0)) / FRAME_MS;
        expect(Math.abs(ahead(from?.picture ?? picture, picture) - pictures)).toBeLessThanOrEqual(pictures * 0.1 + 1);
      });
    };
    const moment = Math.max(...begun) + 15;
    await page.goto(
      `${BASE_URL}/console/playback?cameras=${ids.join(',')}&t=${new Date(moment).toISOString()}`,
    );
    const first = await together('of the link', after(moment - 1));
    await page.getByTestId('play-button').click();
    await until('a second of each camera', async () => {
      const clocks = await page.getByTestId('together').getByTestId('position-clock').all();
      const utc = await Promise.all(clocks.map((clock) => clock.getAttribute('data-utc')));
      return utc.length === ids.length && utc.every((one) => Number(one) > moment + 1_000);
    });
    await page.getByTestId('play-button').click();
    const later = await together('a second later', after(moment + 1_000));
    advanced(first, later);
    await page.getByTestId('step-forward').click();
    // Not by the address: the next picture may be of the same millisecond as the moment at which they stood.
    const stepped = await together('after a step', (_, [chosen]) => (chosen?.utc ?? 0) > (later[0]?.utc ?? 0));
    advanced(later, stepped);
    expect(await page.getByTestId('together-lanes').getAttribute('data-lanes')).toBe(String(ids.length));
    // Played at the usual speed, their pictures are of times that are no further apart than a tenth of a second.
    await page.getByTestId('play-button').click();
    await until('all of them play', async () => {
      const phases = await Promise.all(ids.map((id) => page.getByTestId(`together-${id}`).getAttribute('data-phase')));
      const utc = Number(await page.getByTestId('together').getByTestId('position-clock').first().getAttribute('data-utc'));
      return phases.every((phase) => phase === 'playing') && utc > (stepped[0]?.utc ?? 0) + 2_000;
    });
    // Some looks in a row, so that a picture that this machine is late with does not count; clocks that part never have them.
    await until(`${LOOKS} looks in a row at which they are together`, async () => {
      const looks = await sampledTogether(page, ids.map((id) => `together-${id}`), LOOKS);
      return looks.every((looked) => {
        const moments = looked.flatMap((sampled, n) => {
          const picture = sampled && readSample(sampled);
          const from = stepped[n];
          return picture && from ? [from.utc + ahead(from.picture, picture) * FRAME_MS] : [];
        });
        // Where the clip begins again for one of them first.
        const apart = (Math.max(...moments) - Math.min(...moments)) % (LOOP * FRAME_MS);
        const skew = Math.min(apart, LOOP * FRAME_MS - apart);
        // A picture stands for its time: of one moment, two can be one further apart.
        return moments.length === ids.length && skew <= SKEW_MS_MAX + FRAME_MS;
      });
    });
    await page.getByTestId('play-button').click();
  });

  it('zooms the timeline with the moment under the pointer fixed', async () => {
    const { page } = browser;
    const timeline = page.getByTestId('timeline');
    const range = async () => {
      const [from, to] = await Promise.all([timeline.getAttribute('data-from'), timeline.getAttribute('data-to')]);
      return { from: Number(from), to: Number(to) };
    };
    const box = await timeline.boundingBox();
    if (!box) {
      throw new Error('there is no timeline');
    }
    const share = 0.25;
    const before = await range();
    const under = ({ from, to }: { from: number; to: number }) => from + (to - from) * share;
    await page.mouse.move(box.x + box.width * share, box.y + box.height - 10);
    await page.mouse.wheel(0, -400);
    const after = await until('a shorter range', async () => {
      const now = await range();
      return now.to - now.from < before.to - before.from && now;
    });
    const pixelMs = (before.to - before.from) / box.width;
    expect(Math.abs(under(after) - under(before))).toBeLessThan(pixelMs * 1.5);
    // All of it by a double click, and down to a minute by the wheel.
    await timeline.dblclick({ position: { x: box.width * share, y: box.height - 10 } });
    await until('30 days', async () => {
      const now = await range();
      return Math.abs(now.to - now.from - 30 * 86_400_000) < 1_000;
    });
    for (let notch = 0; notch < 60; notch++) {
      await page.mouse.wheel(0, -100);
    }
    await until('a minute', async () => {
      const now = await range();
      return Math.abs(now.to - now.from - 60_000) < 10;
    });
  });
});

describe('between live and playback', () => {
  it('there is a picture at every moment, on the way there and back', async () => {
    const { page } = browser;
    await page.goto(`${BASE_URL}/console/live`);
    await page.getByTestId(`tree-camera-${camera.id}`).click();
    const tile = page.locator(`article[data-camera="${camera.id}"]`).first();
    const place = await tile.getAttribute('data-testid');
    await until('the live picture', () => readStrip(page, place ?? ''));
    const watched = await watchPictures(page, [`[data-testid="${place}"]`, '[data-testid="playback-stage"]']);
    await tile.focus();
    await page.keyboard.press('p');
    const stage = page.locator('[data-testid="playback-stage"][data-phase="paused"]');
    await stage.waitFor();
    await until('footage', () => readStrip(page, 'playback-stage'));
    await page.keyboard.press('End');
    await tile.locator('[data-phase="live"]').waitFor();
    const seen = await watched();
    expect(seen.dark, `${seen.looks} looks; where: ${seen.where}`).toBe(0);
    expect(seen.looks).toBeGreaterThan(10);
    expect(await tile.locator('canvas[data-kept]').count(), 'the live picture is its own').toBe(0);
    await page.keyboard.press('Escape');
  });
});

describe('recordings', () => {
  it('are listed with their length and size, and played from the row by a key', async () => {
    const { page } = browser;
    await page.goto(`${BASE_URL}/console/playback/${camera.id}`);
    await page.locator('[data-testid="playback-stage"][data-phase="paused"]').waitFor();
    await page.keyboard.press('r');
    const row = page.getByTestId('recording-1');
    await row.waitFor();
    expect(await row.textContent()).toMatch(/\d+ s · [\d.]+ [KMG]iB/);
    expect(await breaches(page)).toEqual([]);
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="playback-stage"][data-phase="playing"]').waitFor();
    await page.getByTestId('recordings').waitFor({ state: 'detached' });
    await page.keyboard.press('k');
  });
});

describe('events', () => {
  it('come by themselves and lead to their moment', async () => {
    const { page } = browser;
    await page.getByTestId('nav-events').click();
    await until('the stream is open', async () => (await page.getByTestId('events-live').getAttribute('data-live')) === 'true');
    const raised = await page.evaluate(async (cameraId) => {
      const csrf = /nxvms_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? '';
      const answer = await fetch('/api/v1/events', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-NXvms-CSRF': decodeURIComponent(csrf) },
        body: JSON.stringify({
          kind: 'acme.door_forced',
          severity: 'critical',
          source: { type: 'camera', id: cameraId },
          detail: 'Back door forced',
        }),
      });
      return (await answer.json()) as { id: string; start: string };
    }, camera.id);
    const row = page.getByTestId(`event-${raised.id}`);
    await row.waitFor();
    expect(await row.textContent()).toContain('Back door forced');
    expect(await row.textContent()).toContain(camera.name);
    await page.getByTestId(`event-moment-${raised.id}`).click();
    await until('playback before the moment', async () => {
      const at = new URL(page.url()).searchParams.get('t');
      return page.url().includes(`/playback/${camera.id}`) && at !== null && Date.parse(at) < Date.parse(raised.start);
    });
    await page.locator('[data-testid="playback-stage"][data-phase="playing"]').waitFor();
  });
});

describe('recording settings', () => {
  it('of a camera that never had others are changed to a schedule and to events', async () => {
    const { page } = browser;
    const fresh = await send<{ id: string }>(page, 'POST', '/api/v1/cameras', {
      name: 'Fresh camera',
      driver: 'rtsp',
      address: 'rtsp://127.0.0.1:9/never-asked',
      enabled: false,
    });
    await page.goto(`${BASE_URL}/console/cameras`);
    for (const [label, mode] of [
      ['Schedule', 'scheduled'],
      ['On events', 'event'],
    ] as const) {
      await page.getByTestId(`camera-edit-${fresh.id}`).click();
      await page.getByTestId('camera-main-mode').click();
      await page.getByRole('option', { name: label }).click();
      await page.getByTestId('camera-save').click();
      await page.getByTestId('camera-form').waitFor({ state: 'detached' });
      const stored = await get<{ recording: { mode: string } }>(page, `/api/v1/cameras/${fresh.id}`);
      expect(stored.recording.mode).toBe(mode);
    }
    await send(page, 'DELETE', `/api/v1/cameras/${fresh.id}`);
  });
});

describe('the whole visit', () => {
  it('was without an exception and kept to the content security policy', () => {
    expect(browser.faults).toEqual([]);
  });
});
