// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import type { EventItem } from '../../api/types';

/** Cameras beside the wall are looked at by somebody: more are for the list of events. */
export const ALARMS_MAX = 4;
/** So long a camera stays beside the wall, from its newest event on, unless somebody closes it. */
export const ALARM_MS = 60_000;

/** A camera that is shown because of what happens there. */
export interface Alarm {
  cameraId: string;
  event: EventItem;
  /** By this machine's clock. */
  untilMs: number;
}

interface Alarms {
  /** The newest first, each camera once. */
  alarms: readonly Alarm[];
  /** @param news the newest first */
  add: (news: readonly EventItem[], nowMs?: number) => void;
  close: (cameraId: string) => void;
  /** Those whose time is over go. */
  expire: (nowMs?: number) => void;
}

/** Of this window alone, and of no other layout: what the wall shows stays as it is. */
export const useAlarms = create<Alarms>()((set) => ({
  alarms: [],
  add: (news, nowMs = Date.now()) =>
    set(({ alarms }) => {
      const all = [
        ...news.flatMap((event) =>
          event.cameraId ? [{ cameraId: event.cameraId, event, untilMs: nowMs + ALARM_MS }] : [],
        ),
        ...alarms.filter(({ untilMs }) => untilMs > nowMs),
      ];
      const newest = all.filter(
        ({ cameraId }, at) => all.findIndex((other) => other.cameraId === cameraId) === at,
      );
      return { alarms: newest.slice(0, ALARMS_MAX) };
    }),
  close: (cameraId) => set(({ alarms }) => ({ alarms: alarms.filter((one) => one.cameraId !== cameraId) })),
  expire: (nowMs = Date.now()) =>
    set((state) => {
      const left = state.alarms.filter(({ untilMs }) => untilMs > nowMs);
      return left.length === state.alarms.length ? state : { alarms: left };
    }),
}));
