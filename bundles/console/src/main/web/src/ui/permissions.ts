// SPDX-License-Identifier: Apache-2.0
import { useSession } from '../api/session';
import type { Camera } from '../api/types';

// What to show; the server decides what is allowed, for each camera anew.

/** Rights as the server names them; docs/design/identity.md says what they are for. */
export type Permission =
  | 'bookmark'
  | 'control_imaging'
  | 'control_io'
  | 'control_ptz'
  | 'control_recording'
  | 'delete_footage'
  | 'export'
  | 'listen'
  | 'lock_evidence'
  | 'make_backups'
  | 'manage_cameras'
  | 'manage_plugins'
  | 'manage_storage'
  | 'manage_users'
  | 'manage_webhooks'
  | 'share_layouts'
  | 'talk'
  | 'view_archive'
  | 'view_audit'
  | 'view_configuration'
  | 'view_events'
  | 'view_health'
  | 'view_live';

/** Whether the user has a right at one place at least. */
export function useMay(...some: Permission[]): boolean {
  return useSession((state) => some.some((one) => state.user?.permissions.includes(one) ?? false));
}

/** Whether the user has a right with this camera. */
export function mayWith(camera: Camera, permission: Permission): boolean {
  return camera.permissions.includes(permission);
}
