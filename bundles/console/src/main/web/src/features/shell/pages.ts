// SPDX-License-Identifier: Apache-2.0
import {
  IconActivityHeartbeat,
  IconApi,
  IconCamera,
  IconDatabase,
  IconDevices,
  IconHistory,
  IconLayoutGrid,
  IconListDetails,
  IconListSearch,
  IconPackageExport,
  IconPuzzle,
  IconServer2,
  IconShieldLock,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import type { Permission } from '../../ui/permissions';

export interface PageLink {
  to: string;
  /** Of its title in the catalogues. */
  key: string;
  icon: typeof IconCamera;
  /** Who may see it; absent: all. */
  by?: Permission;
}

/** What stands in the header. */
export const MAIN_PAGES: readonly PageLink[] = [
  { to: '/live', key: 'nav.live', icon: IconLayoutGrid },
  { to: '/playback', key: 'nav.playback', icon: IconHistory, by: 'view_archive' },
  { to: '/events', key: 'nav.events', icon: IconListDetails, by: 'view_events' },
  { to: '/cameras', key: 'nav.cameras', icon: IconCamera },
  { to: '/volumes', key: 'nav.volumes', icon: IconDatabase, by: 'view_health' },
  { to: '/health', key: 'nav.health', icon: IconActivityHeartbeat, by: 'view_health' },
];

/** What only some may see. */
export const SPECIAL_PAGES: readonly (PageLink & { by: Permission })[] = [
  { to: '/exports', key: 'exports.title', icon: IconPackageExport, by: 'export' },
  { to: '/plugins', key: 'plugins.title', icon: IconPuzzle, by: 'view_configuration' },
  { to: '/webhooks', key: 'webhooks.title', icon: IconWebhook, by: 'manage_webhooks' },
  { to: '/users', key: 'users.title', icon: IconUsers, by: 'manage_users' },
  { to: '/sessions', key: 'sessions.title', icon: IconDevices, by: 'manage_users' },
  { to: '/audit', key: 'audit.title', icon: IconListSearch, by: 'view_audit' },
];

/** What is the user's own. */
export const OWN_PAGES: readonly PageLink[] = [
  { to: '/account', key: 'account.title', icon: IconShieldLock },
  { to: '/keys', key: 'keys.title', icon: IconApi },
  { to: '/servers', key: 'servers.title', icon: IconServer2 },
];
