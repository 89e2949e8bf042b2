// SPDX-License-Identifier: Apache-2.0
// Takes the pictures in docs/console anew, from a running server: each screen in three sizes, dark and light, and two in
// German. Where the server is, and how they are named: look.mjs.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCREENS = [
  'login-first',
  'wall-16',
  'wall-mixed',
  'control',
  'together',
  'playback-chosen',
  'timeline-minute',
  'timeline-month',
  'export',
  'discovery',
  'volumes',
  'plugins',
  'drivers',
  'roles',
  'health',
];
const IN_GERMAN = ['together', 'export'];

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

function look(screens, ...how) {
  const words = [
    here('look.mjs'),
    here('../../../../../../docs/console'),
    '--jpeg',
    '--only',
    screens.join(),
  ];
  const { status } = spawnSync(process.execPath, [...words, ...how], { stdio: 'inherit' });
  process.exitCode ||= status ?? 1;
}

look(SCREENS);
look(IN_GERMAN, '--language', 'de', '--suffix=-de', '--sizes', '1366x768', '--schemes', 'dark');
