// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';
import { useAlertSettings } from './alertSettings';
import { isOpen, play } from './sound';

const SHARED = 'nxvms.alerts.repeat';
export const REPEAT_MS = 10_000;

/**
 * Sounds again and again while something critical was not looked at, where this browser is set so. Of several windows one
 * does; without locks (plain HTTP to another host) each.
 */
export function useRepeat(unread: boolean): void {
  const wanted = useAlertSettings(({ repeat, ways }) => repeat && ways.critical.includes('sound'));
  useEffect(() => {
    if (!wanted || !unread) {
      return;
    }
    const given = new AbortController();
    const sound = () =>
      new Promise<void>((ended) => {
        const timer = setInterval(() => isOpen() && play('critical'), REPEAT_MS);
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
