// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useEventKinds, useNewestEvents } from '../../api/events';
import { useCameras } from '../../api/queries';
import type { EventItem } from '../../api/types';
import { mayWith } from '../../ui/permissions';
import { eventText } from '../events/eventText';
import { useHandled } from '../events/handled';
import { kindText } from '../events/kindText';
import { momentOf } from '../events/whereOf';
import { leastTold, SEVERITIES, type Severity, useAlertSettings, type Way } from './alertSettings';
import { closeDesktop, showDesktop } from './desktop';
import { Fresh, severityOf, worstOf } from './fresh';
import { isQuiet, useQuietHours } from './quiet';
import { isOpen, openSound, play } from './sound';
import { Turn } from './turn';
import { useAlarms } from './useAlarms';

const listedAt = (severity: Severity) => `/events?severity=${severity}`;

/** More at once are one notification that says how many. */
const SINGLE_MAX = 3;
const MANY = 'nxvms-many';

/**
 * Tells of events by sound and notification as this browser's settings say, whichever page is shown.
 *
 * @param mayHear whether the user may know of events; of others nothing is asked
 */
export function useAlerts(mayHear: boolean): void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ways = useAlertSettings((state) => state.ways);
  const least = mayHear ? leastTold({ ways }) : undefined;
  const events = useNewestEvents(least).data;
  const cameras = useCameras().data;
  const kinds = useEventKinds(least !== undefined).data ?? [];
  const { rules } = useQuietHours();
  const { acknowledged } = useHandled();
  const fresh = useRef(new Fresh());
  const turn = useRef<Turn>(undefined);

  const wanted = SEVERITIES.some((severity) => ways[severity].includes('sound'));
  useEffect(() => {
    if (!wanted) {
      return;
    }
    turn.current = Turn.open();
    const open = () => void openSound();
    // Signed in by a cookie nobody has touched this page yet.
    document.addEventListener('pointerdown', open, { once: true });
    document.addEventListener('keydown', open, { once: true });
    return () => {
      document.removeEventListener('pointerdown', open);
      document.removeEventListener('keydown', open);
      turn.current?.end();
      turn.current = undefined;
    };
  }, [wanted]);

  // Another severity is another question: what it answers first is no news.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each new question
  useEffect(() => {
    fresh.current = new Fresh();
  }, [least]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each answer, whatever it is told with
  useEffect(() => {
    if (!events) {
      return;
    }
    const news = fresh.current.of(events);
    const by = (way: Way) => news.filter((event) => ways[severityOf(event)].includes(way));
    const nowMs = Date.now();
    const aloud = (event: EventItem) => !isQuiet(rules, event, nowMs);
    const heard = by('sound').filter(aloud);
    // A tab that cannot be heard leaves it to those that can.
    if (heard.length > 0 && isOpen()) {
      void turn.current?.take(heard, (left) => play(worstOf(left)));
    }
    show(by('desktop').filter(aloud));
    useAlarms.getState().add(by('wall'));
  }, [events]);

  // What was acknowledged, in whichever window, needs no notification any more.
  useEffect(() => {
    for (const tag of [...acknowledged, MANY]) {
      closeDesktop(tag);
    }
  }, [acknowledged]);

  function show(news: EventItem[]) {
    if (news.length > SINGLE_MAX) {
      const worst = worstOf(news);
      showDesktop({
        title: t('alerts.many', { count: news.length }),
        body: nameOf(news[0]),
        tag: MANY,
        stays: worst === 'critical',
        onClick: () => void navigate(listedAt(worst)),
      });
      return;
    }
    const see = (event: EventItem) => void navigate(seenAt(event, severityOf(event)));
    for (const event of news) {
      const text = [nameOf(event), eventText(event)].filter(Boolean).join('\n');
      showDesktop({
        title: kindText(event.kind, kinds),
        body: text,
        tag: event.id,
        stays: severityOf(event) === 'critical',
        onClick: () => see(event),
      });
    }
  }

  /** Where there is footage of it, that. */
  function seenAt(event: EventItem, severity: Severity): string {
    const camera = cameras?.find(({ id }) => id === event.cameraId);
    return camera && mayWith(camera, 'view_archive') ? momentOf(camera.id, event) : listedAt(severity);
  }

  const nameOf = (event: EventItem | undefined) =>
    cameras?.find(({ id }) => id === event?.cameraId)?.name ?? '';
}
