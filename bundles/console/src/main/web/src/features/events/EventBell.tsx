// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Indicator, Popover, Tooltip } from '@mantine/core';
import { IconBell, IconBellExclamation, IconBellRinging } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BELL_POLL_MS, useCriticalEvents, useLastingEvents } from '../../api/events';
import { useServerName } from '../../ui/serverName';
import { useRepeat } from '../alerts/useRepeat';
import { EventCentre } from './EventCentre';
import { groupEvents } from './group';
import { useHandled } from './handled';
import { mergeEvents } from './merge';

const SHOWN_MAX = 99;
const PRODUCT = 'NXvms';

/**
 * How many critical events nobody has acknowledged; what one cause did to many cameras counts once. Opens what is urgent, on
 * whichever page one is. It stays red and has a sign while something critical goes on, acknowledged or not.
 */
export function EventBell() {
  const { t } = useTranslation();
  const events = useCriticalEvents().data;
  // Asked by itself: what began long ago may be behind many that came since.
  const lastingEvents = useLastingEvents('critical', BELL_POLL_MS).data;
  const { acknowledged } = useHandled();
  const name = useServerName((server) => server.name);
  const [open, setOpen] = useState(false);
  const waiting = useMemo(
    () => mergeEvents(events ?? [], lastingEvents ?? []).filter(({ id }) => !acknowledged.has(id)),
    [events, lastingEvents, acknowledged],
  );
  const unread = groupEvents(waiting).length;
  const lasting = groupEvents(lastingEvents ?? []).length;
  const shown = unread > SHOWN_MAX ? `${SHOWN_MAX}+` : unread;
  useRepeat(waiting);
  // Seen while another tab is looked at.
  useEffect(() => {
    const title = name === undefined ? PRODUCT : `${name} · ${PRODUCT}`;
    document.title = unread > 0 ? `(${shown}) ${title}` : title;
    return () => {
      document.title = title;
    };
  }, [unread, shown, name]);
  const label =
    unread === 0 && lasting > 0
      ? t('events.lasting', { count: lasting })
      : t('events.unread', { count: unread });
  const Icon = unread > 0 ? IconBellRinging : lasting > 0 ? IconBellExclamation : IconBell;
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width="min(400px, calc(100vw - 16px))"
      shadow="md"
      trapFocus
      returnFocus
    >
      <Tooltip label={label} disabled={open}>
        <Indicator label={shown} disabled={unread === 0} color="red" size={16} offset={5}>
          <Popover.Target>
            <ActionIcon
              variant="subtle"
              color={unread > 0 || lasting > 0 ? 'red' : 'gray'}
              onClick={() => setOpen(!open)}
              aria-label={label}
              data-testid="event-bell"
              data-unread={unread}
              data-lasting={lasting}
            >
              <Icon size={19} stroke={1.7} aria-hidden="true" />
            </ActionIcon>
          </Popover.Target>
        </Indicator>
      </Tooltip>
      <Popover.Dropdown p={0}>{open && <EventCentre onLeave={() => setOpen(false)} />}</Popover.Dropdown>
    </Popover>
  );
}
