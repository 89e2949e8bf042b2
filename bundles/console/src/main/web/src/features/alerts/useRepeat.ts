// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import type { EventItem } from '../../api/types';
import { useAlertSettings } from './alertSettings';
import { isQuiet, useQuietHours } from './quiet';
import { isOpen, play } from './sound';

const SHARED = 'nxvms.alerts.repeat';
export const REPEAT_MS = 10_000;

/**
 * Sounds again and again while something critical was not acknowledged, where this browser is set so, except in quiet hours.
 * Of several windows one does; without locks (plain HTTP to another host) each.
 */
export function useRepeat(waiting: readonly EventItem[]): void {
  const wanted = useAlertSettings(({ repeat, ways }) => repeat && ways.critical.includes('sound'));
  const { rules } = useQuietHours();
  const heard = useRef((_nowMs: number): boolean => false);
  heard.current = (nowMs) => waiting.some((event) => !isQuiet(rules, event, nowMs));
  const unread = waiting.length > 0;
  useEffect(() => {
    if (!wanted || !unread) {
      return;
    }
    const given = new AbortController();
    const sound = () =>
      new Promise<void>((ended) => {
        const timer = setInterval(() => isOpen() && heard.current(Date.now()) && play('critical'), REPEAT_MS);
        given.signal.addEventListener('abort', () => {
          clearInterval(timer);
          ended();
        });
      });
    if (navigator.locks) {
      navigator.locks.request(SHARED, { signal: given.signal }, sound).catch(() => undefined);
    } else {
      void sound();
    }
    return () => given.abort();
  }, [wanted, unread]);
}
