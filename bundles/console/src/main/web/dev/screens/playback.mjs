// SPDX-License-Identifier: Apache-2.0
// Footage: playback of one camera and of several, the timeline, and what is taken away.
import { goTo, playback, pressing, together, wait, wall, zoomTimeline } from './ways.mjs';

/** @type {import('../screens.mjs').Screen[]} */
export const PLAYBACK = [
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
  {
    name: 'footage-menu',
    open: async (page, scene) => {
      await playback(page, scene);
      await pressing(page, 'footage-menu');
    },
  },
  ...[
    ['gap-fill', 'footage-fill', 'fill-form'],
    ['coverage', 'footage-coverage', 'coverage-table'],
    ['recordings', 'footage-recordings', 'recordings'],
    ['bookmark', 'footage-bookmark', 'bookmark-form'],
    ['evidence', 'footage-lock', 'lock-form'],
    ['removal', 'footage-delete', 'removal-form'],
  ].map(([name, item, shown]) => ({
    name,
    open: async (page, scene) => {
      await playback(page, scene);
      await pressing(page, 'footage-menu', item);
      await page.getByTestId(shown).waitFor();
      await wait(page, 400);
    },
  })),
  {
    name: 'bookmarks-all',
    open: async (page, scene) => {
      await playback(page, scene);
      await pressing(page, 'footage-menu', 'footage-bookmark');
      await page.getByTestId('bookmark-all').check({ force: true });
      await page.getByTestId('bookmark-all').scrollIntoViewIfNeeded();
      await wait(page, 600);
    },
  },
  {
    name: 'export-masks',
    open: async (page, scene) => {
      await playback(page, scene);
      await pressing(page, 'footage-menu', 'footage-export', 'export-masked');
      await page.getByTestId(`export-mask-add-${scene.cameras[0].id}`).click();
      await page.getByTestId('export-estimate').scrollIntoViewIfNeeded();
      await wait(page, 600);
    },
  },
  { name: 'verify', open: goTo('exports/verify', 'verify-file') },
  {
    name: 'verify-refused',
    open: async (page, scene) => {
      await goTo('exports/verify', 'verify-file')(page, scene);
      const chooser = page.waitForEvent('filechooser');
      await page.getByTestId('verify-file').click();
      await (await chooser).setFiles({
        name: 'holiday pictures of last summer.zip',
        mimeType: 'application/zip',
        buffer: Buffer.from('no package'),
      });
      await page.locator('[data-testid="verify-verdict"], [data-testid="verify-failed"]').waitFor();
      await wait(page, 400);
    },
  },
];
