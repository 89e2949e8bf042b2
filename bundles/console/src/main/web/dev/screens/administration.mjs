// SPDX-License-Identifier: Apache-2.0
// Cameras, storage, plugins, people, and what the server says of itself.
import { goTo, opening, pressing, wait } from './ways.mjs';

/** @type {import('../screens.mjs').Screen[]} */
export const ADMINISTRATION = [
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
  {
    name: 'camera-edit',
    open: async (page, scene) => {
      await goTo('cameras', 'camera-table')(page, scene);
      await pressing(page, `camera-edit-${scene.cameras[0].id}`);
      await page.getByTestId('camera-form').waitFor();
      await wait(page, 600);
    },
  },
  {
    name: 'bulk',
    open: async (page, scene) => {
      await goTo('cameras', 'camera-table')(page, scene);
      await pressing(page, 'cameras-choose', 'cameras-bulk');
      await page.getByTestId('bulk-form').waitFor();
    },
  },
  {
    name: 'bulk-schedule',
    open: async (page, scene) => {
      await goTo('cameras', 'camera-table')(page, scene);
      await pressing(page, 'cameras-choose', 'cameras-bulk', 'bulk-mainMode');
      await page.getByRole('option').nth(1).click();
      // Where theirs differ, one for all is asked for first.
      if ((await page.getByTestId('bulk-one-schedule').count()) > 0) {
        await page.getByTestId('bulk-one-schedule').click();
      }
      await wait(page, 600);
    },
  },
  {
    name: 'user-password',
    open: opening('users', 'user-admin', 'user-edit-guard', 'user-set-password'),
  },
  {
    name: 'cameras-chosen',
    open: async (page, scene) => {
      await goTo('cameras', 'camera-table')(page, scene);
      await pressing(page, `camera-choose-${scene.cameras[0].id}`, `camera-choose-${scene.cameras[1].id}`);
    },
  },
  {
    name: 'outlook',
    open: async (page, scene) => {
      await opening('volumes', 'volume-main', 'outlook-open')(page, scene);
      await page.getByTestId('outlook-cameras').fill('8');
      await page.getByTestId('outlook-room').fill('4096');
      await wait(page, 400);
    },
  },
  { name: 'volume-add', open: opening('volumes', 'volume-main', 'volume-add') },
  { name: 'plugin-install', open: opening('plugins', 'plugins-view-plugins', 'plugin-install') },
  { name: 'receipts', open: opening('plugins?view=receipts', 'receipt-r1', 'receipt-toggle-r1') },
  { name: 'trusted', open: opening('plugins?view=trusted', 'trust-add', 'trust-add') },
  { name: 'user-add', open: opening('users', 'user-admin', 'user-add') },
  { name: 'rights', open: goTo('users/user-guard/rights', 'rights-table') },
  { name: 'role-edit', open: opening('roles', 'role-add', 'role-edit-operator') },
  { name: 'servers', open: goTo('servers', 'server-add') },
  { name: 'server-menu', open: opening('health', 'health-status', 'servers') },
  { name: 'sessions', open: goTo('sessions', 'sessions-user') },
  { name: 'account', open: goTo('account', 'alerts') },
  { name: 'keys-page', open: goTo('keys', 'key-table') },
  { name: 'key-add', open: opening('keys', 'key-table', 'key-add') },
  { name: 'webhooks', open: goTo('webhooks', 'webhook-add') },
  { name: 'webhook-add', open: opening('webhooks', 'webhook-add', 'webhook-add') },
  {
    name: 'audit-detail',
    open: async (page, scene) => {
      await goTo('audit', 'audit-table')(page, scene);
      await page.locator('[data-testid^="audit-"][data-action]').first().click();
      await page.getByTestId('audit-detail').waitFor();
      await wait(page, 400);
    },
  },
  { name: 'extension', open: goTo('extensions/plates/page', 'extension-plates-page') },
  {
    name: 'user-menu',
    open: async (page, scene) => {
      await goTo('health', 'health-status')(page, scene);
      await pressing(page, 'user-menu');
    },
  },
  { name: 'not-found', open: goTo('nowhere', 'nav-live') },
];
