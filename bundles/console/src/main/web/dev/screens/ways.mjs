// SPDX-License-Identifier: Apache-2.0
// How one gets somewhere in the console, for the screens beside this file.

export const wait = (page, ms) => page.waitForTimeout(ms);

const PICTURES_MAX_MS = 25_000;

/** Within the page. */
const allLive = () =>
  [...document.querySelectorAll('[data-testid^="tile-state-"]')].every(
    ({ dataset }) => dataset.phase === 'live',
  );

/** Within the page: how old each picture is can be told some seconds later, on a busy machine. */
const allAges = () =>
  [...document.querySelectorAll('[data-testid="tile-badge"]')].every(
    ({ dataset }) => dataset.latency !== undefined,
  );

export async function wall(page, scene, grid) {
  await page.addInitScript(
    ([cells, name]) => {
      const state = { grid: name, cells, details: true };
      localStorage.setItem('nxvms.wall', JSON.stringify({ state, version: 2 }));
    },
    [scene.cameras.map(({ id }) => id).slice(0, 16), grid],
  );
  await page.goto(`${scene.base}/console/live`);
  await page.getByTestId('wall').waitFor();
  await wait(page, 500);
  // Until pictures have come, and figures of some seconds with them; a camera that is away has none.
  await page.waitForFunction(allLive, undefined, { timeout: PICTURES_MAX_MS }).catch(() => undefined);
  await wait(page, 5_000);
  await page.waitForFunction(allAges, undefined, { timeout: PICTURES_MAX_MS }).catch(() => undefined);
}

export async function playback(page, scene, beforeMs = 20_000) {
  const [camera] = scene.cameras;
  const at = new Date(Date.now() - beforeMs).toISOString();
  await page.goto(`${scene.base}/console/playback/${camera.id}?t=${at}`);
  await page.getByTestId('timeline').waitFor();
  await page.locator('[data-testid="playback-stage"][data-phase="paused"]').waitFor();
}

export async function together(page, scene) {
  const ids = scene.cameras.map(({ id }) => id).slice(0, 4);
  const at = new Date(Date.now() - 20_000).toISOString();
  await page.goto(`${scene.base}/console/playback?cameras=${ids.join(',')}&t=${at}`);
  await page.getByTestId('together').waitFor();
  for (const id of ids) {
    await page.locator(`[data-testid="together-${id}"][data-phase="paused"]`).waitFor();
  }
  await wait(page, 600);
}

export async function zoomTimeline(page, notches) {
  const box = await page.getByTestId('timeline').boundingBox();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 45);
  for (let n = 0; n < Math.abs(notches); n++) {
    await page.mouse.wheel(0, Math.sign(notches) * 400);
    await wait(page, 60);
  }
  await page.mouse.move(box.x + 40, box.y - 200);
  await wait(page, 1_500);
}

export const goTo = (path, testId) => async (page, scene) => {
  await page.goto(`${scene.base}/console/${path}`);
  await page.getByTestId(testId).first().waitFor();
  await wait(page, 800);
};

/** Goes there and presses what opens the rest, one after the other; the last of them waits for what is to be seen. */
export const opening =
  (path, shown, ...testIds) =>
  async (page, scene) => {
    await goTo(path, shown)(page, scene);
    await pressing(page, ...testIds);
  };

export async function pressing(page, ...testIds) {
  for (const testId of testIds) {
    await page.getByTestId(testId).first().click();
  }
  await wait(page, 600);
}
