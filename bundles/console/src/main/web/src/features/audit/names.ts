// SPDX-License-Identifier: Apache-2.0
import type { AuditEntry } from '../../api/audit';
import type { Camera } from '../../api/types';

const ID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
const CAMERA = 'camera/';

/** By id. */
export type CameraNames = ReadonlyMap<string, string>;

/** How cameras are called, and how those were that have been removed, as far as the entries tell. */
export function cameraNames(cameras: readonly Camera[], entries: readonly AuditEntry[]): CameraNames {
  const names = new Map<string, string>();
  // Newest first: what a camera was called last is met first.
  for (const { subject, before, after } of entries) {
    const name = after.name ?? before.name;
    const id = subject?.startsWith(CAMERA) ? subject.slice(CAMERA.length) : undefined;
    if (id && name && !names.has(id)) {
      names.set(id, name);
    }
  }
  for (const { id, name } of cameras) {
    names.set(id, name);
  }
  return names;
}

/** The text with names in the place of ids; what nobody knows stays as it is. */
export const withNames = (text: string, names: CameraNames) => text.replace(ID, (id) => names.get(id) ?? id);
