// SPDX-License-Identifier: Apache-2.0
// The screens that `look.mjs` takes pictures of: a name, and how one gets there. `page` is signed in but for `login`;
// `scene.cameras` are those of the server, each with its newest footage.

const wait = (page, ms) => page.waitForTimeout(ms);

async function wall(page, scene, grid) {
  await page.addInitScript(
    ([cells, name]) => {
      const state = { grid: name, cells, details: true };
      localStorage.setItem('nxvms.wall', JSON.stringify({ state, version: 2 }));
    },
    [scene.cameras.map(({ id }) => id).slice(0, 16), grid],
  );
  await page.goto(`${scene.base}/console/live`);
  await page.getByTestId('wall').waitFor();
  // Until pictures have come, and figures of some seconds with them.
  await wait(page, 6_000);
}

async function playback(page, scene, beforeMs = 20_000) {
  const [camera] = scene.cameras;
  const at = new Date(Date.now() - beforeMs).toISOString();
  await page.goto(`${scene.base}/console/playback/${camera.id}?t=${at}`);
  await page.getByTestId('timeline').waitFor();
  await page.locator('[data-testid="playback-stage"][data-phase="paused"]').waitFor();
}

async function together(page, scene) {
  const ids = scene.cameras.map(({ id }) => id).slice(0, 4);
  const at = new Date(Date.now() - 20_000).toISOString();
  await page.goto(`${scene.base}/console/playback?cameras=${ids.join(',')}&t=${at}`);
  await page.getByTestId('together').waitFor();
  for (const id of ids) {
    await page.locator(`[data-testid="together-${id}"][data-phase="paused"]`).waitFor();
  }
  await wait(page, 600);
}

async function zoomTimeline(page, notches) {
  const box = await page.getByTestId('timeline').boundingBox();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 45);
  for (let n = 0; n < Math.abs(notches); n++) {
    await page.mouse.wheel(0, Math.sign(notches) * 400);
    await wait(page, 60);
  }
  await page.mouse.move(box.x + 40, box.y - 200);
  await wait(page, 1_500);
}

const goTo = (path, testId) => async (page, scene) => {
  await page.goto(`${scene.base}/console/${path}`);
  await page.getByTestId(testId).first().waitFor();
  await wait(page, 800);
};

/** @type {{name: string, open: (page: import('playwright-core').Page, scene: any) => Promise<void | false>}[]} */
export const SCREENS = [
  {
    name: 'login-first',
    open: async (page, { base }) => {
      await page.goto(`${base}/console/`);
      await page.getByTestId('login-username').waitFor();
    },
  },
  {
    name: 'login',
    open: async (page, { base }) => {
      await page.goto(`${base}/console/`);
      await page.getByTestId('login-username').waitFor();
      await page.getByTestId('login-username').fill('admin');
      await page.getByTestId('login-password').fill('wrong');
      await page.getByTestId('login-submit').click();
      await page.getByTestId('login-error').waitFor();
    },
  },
  { name: 'wall-16', open: (page, scene) => wall(page, scene, '16') },
  { name: 'wall-mixed', open: (page, scene) => wall(page, scene, '1+5') },
  {
    name: 'wall-maximised',
    open: async (page, scene) => {
      await wall(page, scene, '4');
      await page.getByTestId('tile-0').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('+');
      await page.keyboard.press('+');
      await wait(page, 2_500);
    },
  },
  {
    name: 'layouts',
    open: async (page, scene) => {
      await wall(page, scene, '1+5');
      await page.getByTestId('layouts').click();
      await page.getByTestId('layout-new').waitFor();
      await wait(page, 300);
    },
  },
  {
    name: 'wall-settings',
    open: async (page, scene) => {
      await wall(page, scene, '9');
      await page.getByTestId('live-settings').click();
      await page.getByTestId('way-auto').waitFor();
      await wait(page, 300);
    },
  },
  {
    name: 'wall-actions',
    open: async (page, scene) => {
      await wall(page, scene, '4');
      await page.getByTestId('tile-0').hover();
      await page.getByTestId('tile-sound-0').click();
      await wait(page, 3_000);
    },
  },
  {
    name: 'control',
    open: async (page, scene) => {
      const camera =
        scene.cameras.find(({ status }) => status.device?.capabilities.includes('ptz')) ?? scene.cameras[0];
      await page.goto(`${scene.base}/console/control/${camera.id}`);
      await page.getByTestId('control-stage').waitFor();
      await wait(page, 3_000);
    },
  },
  { name: 'playback', open: (page, scene) => playback(page, scene) },
  {
    name: 'playback-chosen',
    open: async (page, scene) => {
      await playback(page, scene);
      await page.keyboard.press('[');
      await page.keyboard.press('ArrowRight');
      await zoomTimeline(page, -3);
    },
  },
  { name: 'together', open: together },
  {
    name: 'together-apart',
    open: async (page, scene) => {
      await together(page, scene);
      await page.getByTestId('together-sync').click();
      await page.keyboard.press('ArrowLeft');
      await zoomTimeline(page, -4);
    },
  },
  {
    name: 'playback-kinds',
    open: async (page, scene) => {
      await wall(page, scene, '9');
      await playback(page, scene);
      await page.getByTestId('timeline-kinds').click();
      await page.getByRole('menu').waitFor();
      await wait(page, 300);
    },
  },
  {
    name: 'playback-pictures',
    open: async (page, scene) => {
      await playback(page, scene);
      await page.getByTestId('picture-more').click();
      await page.getByTestId('picture-captioned').waitFor();
      await wait(page, 300);
    },
  },
  {
    name: 'together-choice',
    open: async (page, scene) => {
      await together(page, scene);
      await page.getByTestId('together-choice').click();
      await page.getByTestId('together-wall').waitFor();
      await wait(page, 300);
    },
  },
  {
    name: 'timeline-minute',
    open: async (page, scene) => {
      await playback(page, scene);
      await zoomTimeline(page, -8);
    },
  },
  {
    name: 'timeline-month',
    open: async (page, scene) => {
      await playback(page, scene);
      await zoomTimeline(page, 12);
    },
  },
  {
    name: 'calendar',
    open: async (page, scene) => {
      await playback(page, scene);
      await page.getByTestId('calendar').click();
      await page.locator('[data-testid="calendar-month"][data-loaded="true"]').waitFor();
      await wait(page, 300);
    },
  },
  {
    name: 'export',
    open: async (page, scene) => {
      await playback(page, scene);
      await page.getByTestId('footage-menu').click();
      await page.getByTestId('footage-export').click();
      await page.getByTestId('export-form').waitFor();
      await wait(page, 400);
    },
  },
  { name: 'exports', open: goTo('exports', 'export-new') },
  { name: 'events', open: goTo('events', 'events-table') },
  { name: 'cameras', open: goTo('cameras', 'camera-table') },
  {
    name: 'camera-add',
    open: async (page, scene) => {
      await page.goto(`${scene.base}/console/cameras`);
      await page.getByTestId('camera-add').click();
      await page.getByTestId('camera-name').fill('Loading bay');
      await page.getByTestId('camera-address').fill('rtsp://192.0.2.20/stream1');
      await wait(page, 400);
    },
  },
  {
    // By a device that answers on loopback: `--device onvif --discovery lo` of the simulator.
    name: 'discovery',
    open: async (page, { base }) => {
      await page.goto(`${base}/console/cameras`);
      await page.getByTestId('camera-add').click();
      await page.getByTestId('find-begin').click();
      await page.getByTestId('find-device').first().waitFor();
      await wait(page, 1_500);
    },
  },
  { name: 'volumes', open: goTo('volumes', 'volume-main') },
  { name: 'plugins', open: goTo('plugins', 'plugins-view-drivers') },
  {
    name: 'drivers',
    open: async (page, scene) => {
      await goTo('plugins', 'plugins-view-drivers')(page, scene);
      await page.getByTestId('plugins-view-drivers').click();
      await wait(page, 800);
    },
  },
  { name: 'users', open: goTo('users', 'user-admin') },
  { name: 'roles', open: goTo('roles', 'role-add') },
  { name: 'audit', open: goTo('audit', 'audit-table') },
  { name: 'health', open: goTo('health', 'health-status') },
  {
    name: 'search',
    open: async (page, scene) => {
      await goTo('health', 'health-status')(page, scene);
      await page.keyboard.press('Control+k');
      await page.getByTestId('palette-text').fill(scene.cameras[0].name.slice(0, 2));
      await wait(page, 500);
    },
  },
  {
    name: 'keys',
    open: async (page, scene) => {
      await goTo('health', 'health-status')(page, scene);
      await page.keyboard.press('?');
      await page.getByTestId('key-map').waitFor();
      await wait(page, 400);
    },
  },
];
