// SPDX-License-Identifier: Apache-2.0
// Cameras are dragged by the mouse: from the tree into a cell, from cell to cell, and off the wall.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, get, openBrowser, signIn, waitUntil } from './browser';

interface Camera {
  id: string;
  status: { state: string };
}

let browser: Browser;
let gate: string;
let yard: string;

beforeAll(async () => {
  browser = await openBrowser();
  const { page } = browser;
  await signIn(page);
  await page.getByTestId('wall').waitFor();
  [gate, yard] = await waitUntil(page, 'two cameras that record', async () => {
    const { items } = await get<{ items: Camera[] }>(page, '/api/v1/cameras');
    const recording = items.filter(({ status }) => status.state === 'recording').map(({ id }) => id);
    return recording.length >= 2 ? [recording[0] as string, recording[1] as string] : undefined;
  });
  await page.getByTestId('wall-size').getByText('4', { exact: true }).click();
  await page.getByTestId('wall-clear').click();
});

afterAll(async () => {
  await browser?.close();
});

/** Which camera each of the four cells has. */
const wall = () =>
  Promise.all([0, 1, 2, 3].map((cell) => browser.page.getByTestId(`tile-${cell}`).getAttribute('data-camera')));

async function drag(from: string, to: string): Promise<void> {
  const { page } = browser;
  // At the middle of the target; of the source where neither picture nor buttons take the mouse themselves.
  await page.getByTestId(from).dragTo(page.getByTestId(to), { sourcePosition: { x: 60, y: 12 } });
}

const expectWall = (...cameras: (string | null)[]) =>
  expect.poll(wall, { timeout: 10_000 }).toEqual(cameras);

describe('a camera is dragged', () => {
  it('from the tree into a cell, also one that has another', async () => {
    await expectWall(null, null, null, null);
    await drag(`tree-camera-${gate}`, 'tile-2');
    await expectWall(null, null, gate, null);
    await drag(`tree-camera-${yard}`, 'tile-2');
    await expectWall(null, null, yard, null);
    await drag(`tree-camera-${gate}`, 'tile-0');
    await expectWall(gate, null, yard, null);
  });

  it('from cell to cell: two change places, an empty one is filled', async () => {
    await drag('tile-0', 'tile-2');
    await expectWall(yard, null, gate, null);
    await drag('tile-2', 'tile-3');
    await expectWall(yard, null, null, gate);
  });

  it('off the wall, and is gone from it', async () => {
    await drag('tile-3', 'tree-filter');
    await expectWall(yard, null, null, null);
  });

  it('out of the tree and back, and nothing has changed', async () => {
    await drag(`tree-camera-${gate}`, 'tree-filter');
    await expectWall(yard, null, null, null);
  });
});
