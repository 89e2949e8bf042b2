// SPDX-License-Identifier: Apache-2.0
import { IconPuzzle } from '@tabler/icons-react';
import classes from './extensions.module.css';
import type { Contribution } from './useExtensions';

/** Its own picture, or that of plugins; a name stands beside it. */
export function ExtensionIcon({ contribution: { icon } }: { contribution: Contribution }) {
  return icon ? (
    <img src={icon} alt="" className={classes.icon} draggable={false} />
  ) : (
    <IconPuzzle size={17} stroke={1.7} aria-hidden="true" />
  );
}
