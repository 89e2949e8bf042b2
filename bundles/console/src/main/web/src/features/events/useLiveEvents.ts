// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { EVENT_PAGES, type EventQuery, followEvents } from '../../api/events';
import type { EventItem } from '../../api/types';
import { mergeEvents } from './merge';

/** More than anybody reads; older ones are found in the list. */
const LIVE_MAX = 1_000;

/** Events as they happen, beside the list that was read. */
export function useLiveEvents(query: EventQuery): { events: EventItem[]; live: boolean } {
  const client = useQueryClient();
  const [events, setEvents] = useState<EventItem[]>([]);
  const [live, setLive] = useState(false);
  const { kind, cameraId, severity } = query;
  useEffect(() => {
    setEvents([]);
    return followEvents(
      { kind, cameraId, severity },
      {
        onEvent: (event) => setEvents((known) => mergeEvents([event], known).slice(0, LIVE_MAX)),
        // Of the list the newest page alone is read again, and not all that were read before.
        onReset: () => {
          void client.resetQueries({ queryKey: EVENT_PAGES });
          void client.invalidateQueries({
            queryKey: ['events'],
            predicate: ({ queryKey }) => queryKey[1] !== EVENT_PAGES[1],
          });
        },
        onLive: setLive,
      },
    );
  }, [client, kind, cameraId, severity]);
  return { events, live };
}
