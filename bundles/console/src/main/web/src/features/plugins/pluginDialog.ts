// SPDX-License-Identifier: Apache-2.0
import type { Plugin } from '../../api/plugins';

/** What is asked about, and of which plugin. */
export type PluginDialog =
  /** With a file that was let go over the page. */
  | { dialog: 'install'; file?: File }
  | { dialog: 'update' | 'rollback' | 'disable' | 'remove'; plugin: Plugin };
