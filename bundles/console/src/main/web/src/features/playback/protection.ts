// SPDX-License-Identifier: Apache-2.0
import type { Bookmark } from '../../api/bookmarks';
import type { EvidenceLock } from '../../api/evidence';
import type { Camera } from '../../api/types';
import { mayWith, type Permission } from '../../ui/permissions';
import { around, type Selection } from './selection';

/** Whether retention leaves this range alone, at each of the cameras. */
export function isProtected(
  locks: readonly EvidenceLock[],
  cameraIds: readonly string[],
  { from, to }: Selection,
): boolean {
  return (
    cameraIds.length > 0 &&
    cameraIds.every((id) =>
      locks.some(
        (lock) => lock.cameraIds.includes(id) && Date.parse(lock.from) <= from && Date.parse(lock.to) >= to,
      ),
    )
  );
}

/** Both ends alike for a moment. */
export function rangeOf({ from, to }: Bookmark): Selection {
  return { from: Date.parse(from), to: Date.parse(to ?? from) };
}

/** What footage is taken for it: of a moment the minute before and after. */
export const footageOf = (range: Selection, nowMs: number): Selection =>
  range.to > range.from ? range : around(range.from, nowMs);

/** Those of the cameras with which the user has the right. */
export const thoseWith = (
  cameras: readonly Camera[],
  cameraIds: readonly string[],
  right: Permission,
): string[] => cameras.filter((one) => cameraIds.includes(one.id) && mayWith(one, right)).map(({ id }) => id);
