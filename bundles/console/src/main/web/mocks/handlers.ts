// SPDX-License-Identifier: Apache-2.0
import type { RequestHandler } from 'msw';
import { administration } from './handlers/administration';
import { cameras } from './handlers/cameras';
import { control } from './handlers/control';
import { encoders } from './handlers/encoders';
import { entry } from './handlers/entry';
import { events } from './handlers/events';
import { extensions } from './handlers/extensions';
import { footage } from './handlers/footage';
import { layouts } from './handlers/layouts';
import { motion } from './handlers/motion';
import { privacyMasks } from './handlers/privacyMasks';
import { servers } from './handlers/servers';
import type { World } from './world';

/** All the mock server answers, over one world. Whom it does not know goes no farther than `entry`. */
export const handlersOf = (world: World): RequestHandler[] => [
  ...entry(world),
  ...control(world),
  ...encoders(world),
  ...privacyMasks(world),
  ...cameras(world),
  ...footage(world),
  ...motion(world),
  ...events(world),
  ...extensions(world),
  ...layouts(world),
  ...servers(world),
  ...administration(world),
];
