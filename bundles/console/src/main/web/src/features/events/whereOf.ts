// SPDX-License-Identifier: Apache-2.0
import type { Camera, EventItem } from '../../api/types';
import { happeningAt } from '../playback/moment';

/** What the source is called, where it has a name. */
export function nameOf(event: EventItem, cameras: readonly Camera[]): string | undefined {
  const given = event.attributes.name;
  return (
    cameras.find(({ id }) => id === event.cameraId)?.name ?? (typeof given === 'string' ? given : undefined)
  );
}

/** Where its camera is played from shortly before. */
export const momentOf = (cameraId: string, { start }: EventItem): string =>
  happeningAt(cameraId, Date.parse(start));
