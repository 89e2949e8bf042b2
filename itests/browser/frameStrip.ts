// SPDX-License-Identifier: Apache-2.0
// Reads the frame number out of a picture of the simulator: a row of 32 black and white cells, cell i from x = (4 + i)/40
// to (5 + i)/40 of the width, y from 2/45 to 4/45 of the height; white is 1, most significant bit first:
// white black, 16 bits number, 2 bits rendition (0 main, 1 sub), 10 bits check, black white.
import type { Page } from 'playwright-core';

export interface Reading {
  number: number;
  rendition: number;
  width: number;
}

const CELLS = 32;

/** Pictures of the simulator's clip; then the numbers begin again. */
export const LOOP = 750;

export const RENDITION = { main: 0, sub: 1 } as const;

/** What `teachSampling` puts into a page. */
export interface Sampling {
  /** What is to be seen inside an element: a video, or the canvas above it with a decoded picture. */
  nxvmsPicture(selector: string): HTMLVideoElement | HTMLCanvasElement | undefined;
  nxvmsSample(picture: HTMLVideoElement | HTMLCanvasElement): Sampled;
}

/** Mean brightness of the middle half of each cell, of the visible picture inside the element. */
export async function readStrip(page: Page, testId: string): Promise<Reading | undefined> {
  await teachSampling(page);
  const sampled = await page.evaluate((selector) => {
    const { nxvmsPicture, nxvmsSample } = window as unknown as Sampling;
    const picture = nxvmsPicture(selector);
    return picture && nxvmsSample(picture);
  }, `[data-testid="${testId}"]`);
  return sampled && readSample(sampled);
}

/** Number of the first picture of bytes that a plain video element can play: the console's players have no part in it. */
export async function readFirstPicture(page: Page, urls: [string, string?][]): Promise<Reading | undefined> {
  const sampled = await page.evaluate(async (parts) => {
    const loaded = await Promise.all(
      parts.map(async ([url, range]) => {
        const response = await fetch(url, { headers: range ? { Range: range } : {} });
        if (response.status !== (range ? 206 : 200)) {
          throw new Error(`${url}: ${response.status} for ${range ?? 'all of it'}`);
        }
        return response.arrayBuffer();
      }),
    );
    const video = document.createElement('video');
    video.muted = true;
    video.preload = 'auto';
    video.dataset.testid = 'oracle';
    video.src = URL.createObjectURL(new Blob(loaded, { type: 'video/mp4' }));
    const holder = document.createElement('div');
    holder.dataset.testid = 'oracle-holder';
    holder.append(video);
    document.body.append(holder);
    await new Promise((resolve, reject) => {
      video.requestVideoFrameCallback(resolve);
      video.addEventListener('error', () => reject(new Error(video.error?.message)));
    });
    return true;
  }, urls);
  const reading = sampled ? await readStrip(page, 'oracle-holder') : undefined;
  await page.evaluate(() => document.querySelector('[data-testid="oracle-holder"]')?.remove());
  return reading;
}

/** What a page saw of one picture. */
export interface Sampled {
  means: number[];
  width: number;
}

/** Makes `nxvmsPicture(selector)` and `nxvmsSample(picture)` known to scripts in the page. */
export async function teachSampling(page: Page): Promise<void> {
  await page.evaluate(`window.nxvmsSample = ${sample.toString()}; window.nxvmsPicture = ${shown.toString()}`);
}

/** What several elements show at the same animation frame, some times in a row. */
export async function sampledTogether(
  page: Page,
  testIds: string[],
  looks: number,
): Promise<(Sampled | undefined)[][]> {
  await teachSampling(page);
  return page.evaluate(
    async ([ids, count]) => {
      const { nxvmsPicture, nxvmsSample } = window as unknown as Sampling;
      const all: (Sampled | undefined)[][] = [];
      for (let look = 0; look < count; look++) {
        for (let frame = 0; frame < 5; frame++) {
          await new Promise((painted) => requestAnimationFrame(painted));
        }
        const pictures = ids.map((id) => nxvmsPicture(`[data-testid="${id}"]`));
        all.push(pictures.map((picture) => picture && nxvmsSample(picture)));
      }
      return all;
    },
    [testIds, looks] as const,
  );
}

/** What was to be seen at the animation frames of a while. */
export interface Watched {
  looks: number;
  /** Without the strip of a picture. */
  dark: number;
  /** The addresses and phases at which that was. */
  where: string[];
  /** The pictures with one, in the order in which they were to be seen. */
  seen: Reading[];
}

/** Looks at every animation frame whether one of the elements shows a picture, until the answer is called. */
export async function watchPictures(page: Page, selectors: string[]): Promise<() => Promise<Watched>> {
  await teachSampling(page);
  await page.evaluate((all) => {
    const { nxvmsPicture, nxvmsSample } = window as unknown as Sampling;
    const watching = { on: true, samples: [] as { where: string; sampled?: Sampled }[] };
    const look = () => {
      const picture = all.map(nxvmsPicture).find((found) => found !== undefined);
      const phase = document.querySelector('[data-phase]')?.getAttribute('data-phase');
      watching.samples.push({
        where: `${location.pathname} ${phase}`,
        sampled: picture && nxvmsSample(picture),
      });
      if (watching.on) {
        requestAnimationFrame(look);
      }
    };
    requestAnimationFrame(look);
    Object.assign(window, { nxvmsWatching: watching });
  }, selectors);
  return async () => {
    const samples = await page.evaluate(() => {
      const { nxvmsWatching } = window as unknown as {
        nxvmsWatching: { on: boolean; samples: { where: string; sampled?: Sampled }[] };
      };
      nxvmsWatching.on = false;
      return nxvmsWatching.samples;
    });
    const dark = samples.filter(({ sampled }) => !sampled || !readSample(sampled));
    const seen = samples.flatMap(({ sampled }) => (sampled && readSample(sampled)) ?? []);
    return { looks: samples.length, dark: dark.length, where: dark.map(({ where }) => where), seen };
  };
}

function shown(selector: string): HTMLVideoElement | HTMLCanvasElement | undefined {
  const painted = document.querySelector<HTMLCanvasElement>(`${selector} canvas.player-canvas:not([hidden])`);
  const videos = [...document.querySelectorAll<HTMLVideoElement>(`${selector} video`)];
  return painted ?? videos.find(({ style, videoWidth }) => style.opacity !== '0' && videoWidth > 0);
}

function sample(picture: HTMLVideoElement | HTMLCanvasElement | VideoFrame): Sampled {
  const [width, height] =
    'videoWidth' in picture
      ? [picture.videoWidth, picture.videoHeight]
      : 'displayWidth' in picture
        ? [picture.displayWidth, picture.displayHeight]
        : [picture.width, picture.height];
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = Math.ceil((height * 4) / 45);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new Error('no canvas to draw on');
  }
  context.drawImage(picture, 0, 0);
  const means: number[] = [];
  for (let cell = 0; cell < 32; cell++) {
    const left = Math.round((width * (4.25 + cell)) / 40);
    const right = Math.max(left + 1, Math.round((width * (4.75 + cell)) / 40));
    const top = Math.round((height * 2.5) / 45);
    const bottom = Math.max(top + 1, Math.round((height * 3.5) / 45));
    const { data } = context.getImageData(left, top, right - left, bottom - top);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) {
      sum += 0.299 * (data[i] ?? 0) + 0.587 * (data[i + 1] ?? 0) + 0.114 * (data[i + 2] ?? 0);
    }
    means.push(sum / (data.length / 4));
  }
  return { means, width };
}

export function readSample({ means, width }: Sampled): Reading | undefined {
  const at = (i: number) => means[i] ?? 0;
  const white = (at(0) + at(CELLS - 1)) / 2;
  const black = (at(1) + at(CELLS - 2)) / 2;
  if (white - black < 48) {
    return undefined;
  }
  const bits: number[] = means.map((mean) => (mean > (white + black) / 2 ? 1 : 0));
  const value = (from: number, to: number) => bits.slice(from, to).reduce((sum, bit) => sum * 2 + bit, 0);
  const number = value(2, 18);
  const rendition = value(18, 20);
  const intact = value(20, 30) === 1020 - ((rendition * 65536 + number) % 1021);
  return intact ? { number, rendition, width } : undefined;
}

/**
 * A painted picture may be the one beside that which is told of; which numbers belong to which times most say.
 *
 * @param seen ticks: of the pictures' own clock, in pictures
 * @returns how far the numbers are ahead of that clock; NaN where none could be read
 */
export function aheadOf(seen: { ticks: number; sampled?: Sampled }[]): number {
  const votes = new Map<number, number>();
  for (const { ticks, sampled } of seen) {
    const reading = sampled && readSample(sampled);
    if (reading) {
      const ahead = (((reading.number - ticks) % LOOP) + LOOP) % LOOP;
      votes.set(ahead, (votes.get(ahead) ?? 0) + 1);
    }
  }
  const [ahead] = [...votes].reduce((most, one) => (one[1] > most[1] ? one : most), [Number.NaN, 0]);
  return ahead;
}
