// SPDX-License-Identifier: Apache-2.0
import type { Plugin } from '../../api/plugins';

/** What is asked about, and of which plugin. */
export type PluginDialog =
  | { dialog: 'install' }
  | { dialog: 'update' | 'rollback' | 'disable' | 'remove'; plugin: Plugin };
