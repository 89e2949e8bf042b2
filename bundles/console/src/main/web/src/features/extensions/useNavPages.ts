// SPDX-License-Identifier: Apache-2.0
import { useMediaQuery } from '@mantine/hooks';
import { type Contribution, useContributions } from './useExtensions';

const PAGES_MAX = 4;

/** Pages of extensions: those the header has room for beside the console's own, and those that stand in the menu. */
export function useNavPages(): { inHeader: readonly Contribution[]; inMenu: readonly Contribution[] } {
  const pages = useContributions('nav.page');
  const settings = useContributions('settings.page');
  const medium = useMediaQuery('(max-width: 100em)');
  const narrow = useMediaQuery('(max-width: 75em)');
  const room = narrow ? 0 : medium ? 1 : PAGES_MAX;
  return { inHeader: pages.slice(0, room), inMenu: [...pages.slice(room), ...settings] };
}
