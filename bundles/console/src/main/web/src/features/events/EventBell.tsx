// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Indicator, Tooltip } from '@mantine/core';
import { IconBell, IconBellRinging } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCriticalEvents } from '../../api/events';
import { groupEvents } from './group';

const SEEN_KEY = 'nxvms.eventsSeen';
const SHOWN_MAX = 99;

/** How many critical events came since the user last looked; what one cause did to many cameras counts once. Ids are in the order in which events became known. */
export function EventBell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const events = useCriticalEvents().data;
  const [seen, setSeen] = useState(() => localStorage.getItem(SEEN_KEY) ?? '');
  const unread = groupEvents((events ?? []).filter((event) => event.id > seen)).length;
  const look = () => {
    const newest = events?.reduce((last, event) => (event.id > last ? event.id : last), seen) ?? seen;
    localStorage.setItem(SEEN_KEY, newest);
    setSeen(newest);
    void navigate('/events?severity=critical');
  };
  const label = t('events.unread', { count: unread });
  const Icon = unread > 0 ? IconBellRinging : IconBell;
  return (
    <Tooltip label={label}>
      <Indicator
        label={unread > SHOWN_MAX ? `${SHOWN_MAX}+` : unread}
        disabled={unread === 0}
        color="red"
        size={16}
        offset={5}
      >
        <ActionIcon
          variant="subtle"
          color={unread > 0 ? 'red' : 'gray'}
          onClick={look}
          aria-label={label}
          data-testid="event-bell"
          data-unread={unread}
        >
          <Icon size={19} stroke={1.7} aria-hidden="true" />
        </ActionIcon>
      </Indicator>
    </Tooltip>
  );
}
