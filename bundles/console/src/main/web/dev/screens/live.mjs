// SPDX-License-Identifier: Apache-2.0
// Signing in, walls, and the control of a camera.
import { opening, pressing, wait, wall } from './ways.mjs';

async function control(page, scene) {
  const camera =
    scene.cameras.find(({ status }) => status.device?.capabilities.includes('ptz')) ?? scene.cameras[0];
  await page.goto(`${scene.base}/console/control/${camera.id}`);
  await page.getByTestId('control-stage').waitFor();
  await wait(page, 3_000);
}

/** Draws boxes over the picture of an editor, each by two corners, in hundredths. */
async function masks(page, scene, part, stage, boxes) {
  await control(page, scene);
  await pressing(page, `control-toggle-${part}`);
  const editor = page.locator(`[data-testid^="${stage}-stage-"]`);
  await editor.locator('img[data-shown]').waitFor();
  for (const [left, top, right, bottom] of boxes) {
    await editor.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await editor.boundingBox();
    await page.mouse.move(x + (width * left) / 100, y + (height * top) / 100);
    await page.mouse.down();
    await page.mouse.move(x + (width * right) / 100, y + (height * bottom) / 100, { steps: 3 });
    await page.mouse.up();
  }
}

/** @type {import('../screens.mjs').Screen[]} */
export const LIVE = [
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
    name: 'alarms',
    open: async (page, scene) => {
      await page.addInitScript(() => {
        const ways = { info: [], warning: ['wall'], critical: ['wall'] };
        localStorage.setItem('nxvms.alerts', JSON.stringify({ state: { ways }, version: 1 }));
      });
      await wall(page, scene, '4');
      // In the mock server something happens only while somebody follows what happens.
      await page.evaluate(() => {
        // More would take the browser's six connections.
        for (let n = 0; n < 3; n++) {
          new EventSource('/api/v1/events/stream');
        }
      });
      await page.getByTestId('alarm-strip').waitFor({ timeout: 90_000 });
      await wait(page, 30_000);
    },
  },
  { name: 'urgent', open: opening('live', 'wall', 'event-bell') },
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
    // Not reached, refused, not recorded, and one that is well.
    name: 'wall-states',
    open: async (page, scene) => {
      const fits = [
        ({ status }) => status.state === 'offline',
        ({ status }) => status.state === 'unauthorized',
        ({ status }) => status.state === 'not_recording',
        ({ status }) => status.state === 'recording',
      ];
      const cameras = fits.map((fit) => scene.cameras.find(fit)).filter(Boolean);
      await wall(page, { ...scene, cameras }, '4');
    },
  },
  {
    // Its main stream is of a codec that this browser may not have.
    name: 'wall-unsupported',
    open: async (page, scene) => {
      const isHevc = ({ status }) => status.streams.some(({ codecs }) => codecs?.startsWith('hvc1'));
      await wall(page, { ...scene, cameras: scene.cameras.filter(isHevc) }, '1');
    },
  },
  {
    name: 'wall-empty',
    open: async (page, scene) => {
      await wall(page, { ...scene, cameras: [] }, '4');
    },
  },
  {
    name: 'wall-replay',
    open: async (page, scene) => {
      await wall(page, scene, '4');
      await page.getByTestId('tile-0').focus();
      await page.keyboard.press('r');
      await page.locator('[data-testid="tile-replay"][data-phase="playing"]').waitFor();
      await wait(page, 600);
    },
  },
  {
    name: 'window-menu',
    open: async (page, scene) => {
      await wall(page, scene, '4');
      await pressing(page, 'wall-windows');
    },
  },
  {
    name: 'layout-tours',
    open: async (page, scene) => {
      await wall(page, scene, '4');
      await pressing(page, 'layouts', 'tour-Round at night');
    },
  },
  {
    name: 'layout-new',
    open: async (page, scene) => {
      await wall(page, scene, '4');
      await pressing(page, 'layouts', 'layout-new');
      await page.getByTestId('layout-name').fill('Entrances');
      await wait(page, 300);
    },
  },
  {
    name: 'tour-new',
    open: async (page, scene) => {
      await wall(page, scene, '4');
      await pressing(page, 'layouts', 'tour-new');
    },
  },
  { name: 'control', open: control },
  {
    name: 'control-users',
    open: async (page, scene) => {
      await control(page, scene);
      await pressing(page, 'control-toggle-users');
      await page.getByTestId('device-user-add').scrollIntoViewIfNeeded();
      await wait(page, 300);
    },
  },
  {
    name: 'control-user-add',
    open: async (page, scene) => {
      await control(page, scene);
      await pressing(page, 'control-toggle-users', 'device-user-add');
    },
  },
  {
    name: 'control-encoders',
    open: async (page, scene) => {
      await control(page, scene);
      await pressing(page, 'control-toggle-encoders');
      await page.locator('[data-testid^="encoder-save-"]').first().scrollIntoViewIfNeeded();
      await wait(page, 300);
    },
  },
  {
    name: 'control-motion-mask',
    open: async (page, scene) => {
      await masks(page, scene, 'motion-mask', 'motion-mask', [
        [5, 10, 30, 60],
        [55, 45, 95, 95],
      ]);
      await page.getByTestId('motion-mask-save').scrollIntoViewIfNeeded();
      await wait(page, 300);
    },
  },
  {
    name: 'control-privacy-masks',
    open: async (page, scene) => {
      await masks(page, scene, 'privacy-masks', 'privacy-mask', [
        [5, 10, 25, 50],
        [30, 20, 60, 90],
        [70, 55, 95, 95],
        [70, 5, 90, 35],
      ]);
      await page.getByTestId('privacy-masks-save').scrollIntoViewIfNeeded();
      await wait(page, 300);
    },
  },
  {
    name: 'control-sections',
    open: async (page, scene) => {
      await control(page, scene);
      await pressing(page, 'control-toggle-imaging', 'control-toggle-edge', 'edge-look');
      await page.getByTestId('edge-recordings').scrollIntoViewIfNeeded();
      await wait(page, 300);
    },
  },
];
