// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Alert, Button, Group, Loader, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCriticalEvents, useEventKinds, useLastingEvents, useNewestEvents } from '../../api/events';
import { useCameras } from '../../api/queries';
import type { Camera, EventItem, EventKind } from '../../api/types';
import { wordFor } from '../../i18n';
import { problemText } from '../../ui/problemText';
import { dateTime, offsetTail } from '../../ui/time';
import classes from './EventCentre.module.css';
import { eventText } from './eventText';
import { camerasOf, type EventGroup, groupEvents } from './group';
import { useHandled } from './handled';
import { kindText } from './kindText';
import { mergeEvents } from './merge';
import { SeverityIcon } from './SeverityIcon';
import { momentOf, nameOf } from './whereOf';

/** Warnings and worse. */
const URGENT = 'warning';
/** The list of events with all of these: its range is else a day, and here stands what is older, too. */
const LIST = `/events?severity=${URGENT}&range=all`;
/** More are for the list of events. */
const LATELY_MAX = 20;
const LINES_MAX = 50;

/**
 * What is not as it should be: first what is critical and nobody has acknowledged, which nothing else takes away; then what
 * still goes on, the worst of it on top, and what was lately, until it is dismissed.
 */
export function EventCentre({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation();
  const lasting = useLastingEvents(URGENT);
  const newest = useNewestEvents(URGENT);
  const critical = useCriticalEvents();
  const cameras = useCameras().data ?? [];
  const kinds = useEventKinds().data ?? [];
  const { acknowledged, dismissed, acknowledge, dismiss } = useHandled();
  const centre = useRef<HTMLDivElement>(null);
  const error = lasting.error ?? newest.error ?? critical.error;
  // One without the others would have what goes on among what is over.
  const loaded = !lasting.isPending && !newest.isPending && !critical.isPending;
  const goesOn = new Set(lasting.data?.map(({ id }) => id));
  const waits = ({ id, severity }: EventItem) => severity === 'critical' && !acknowledged.has(id);
  const all = mergeEvents(critical.data ?? [], newest.data ?? [], lasting.data ?? []);
  const waiting = groupEvents(all.filter(waits));
  const goOn = groupEvents(all.filter((one) => goesOn.has(one.id) && !waits(one))).sort(
    (a, b) => rank(b) - rank(a),
  );
  const over = groupEvents(
    all.filter((one) => !goesOn.has(one.id) && !waits(one) && !dismissed.has(one.id)),
  ).slice(0, LATELY_MAX);

  /** The button goes with what it was pressed for: whoever uses the keyboard stays where they are. */
  const handle = (how: (ids: string[]) => void, ...groups: EventGroup[]) => {
    how(groups.flatMap(({ events }) => events.map(({ id }) => id)));
    centre.current?.focus();
  };

  const list = (groups: EventGroup[], name: 'waiting' | 'goingOn' | 'lately') =>
    loaded &&
    groups.length > 0 && (
      <section>
        <Group justify="space-between" gap="xs" px="md" pt="sm" pb={2} wrap="nowrap">
          <Text component="h2" size="xs" fw={600} c="dimmed">
            {t(`events.urgent.${name}`)}
          </Text>
          {name === 'waiting' && groups.length > 1 && (
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => handle(acknowledge, ...groups)}
              data-testid="urgent-acknowledge-all"
            >
              {t('events.acknowledgeAll')}
            </Button>
          )}
        </Group>
        <ul className={classes.list} data-testid={`urgent-${name}`}>
          {groups.slice(0, LINES_MAX).map((group) => (
            <Line
              key={group.head.id}
              group={group}
              cameras={cameras}
              kinds={kinds}
              onLeave={onLeave}
              onAcknowledge={name === 'waiting' ? () => handle(acknowledge, group) : undefined}
              onDismiss={name === 'lately' ? () => handle(dismiss, group) : undefined}
            />
          ))}
        </ul>
        {groups.length > LINES_MAX && (
          <Text size="xs" c="dimmed" px="md" pb="xs" data-testid={`urgent-${name}-more`}>
            {t('events.moreUrgent', { count: groups.length - LINES_MAX })}
          </Text>
        )}
      </section>
    );
  return (
    <div className={classes.centre} ref={centre} tabIndex={-1} data-testid="urgent">
      <div className={classes.scroller}>
        {error && (
          <Alert color="red" variant="light" m="sm" p="xs">
            {problemText(error)}
          </Alert>
        )}
        {!loaded && <Loader size="sm" m="md" />}
        {loaded && !error && waiting.length + goOn.length + over.length === 0 && (
          <Text size="sm" c="dimmed" p="md" data-testid="urgent-none">
            {t('events.nothingUrgent')}
          </Text>
        )}
        {list(waiting, 'waiting')}
        {list(goOn, 'goingOn')}
        {list(over, 'lately')}
      </div>
      <Text size="xs" c="dimmed" className={classes.note}>
        {t('events.acknowledgedHere')}
      </Text>
      <Link className={classes.all} to={LIST} onClick={onLeave} data-testid="urgent-all">
        {t('events.allUrgent')}
      </Link>
    </div>
  );
}

const rank = ({ head }: EventGroup): number => (head.severity === 'critical' ? 1 : 0);

interface LineProps {
  group: EventGroup;
  cameras: Camera[];
  kinds: EventKind[];
  onLeave: () => void;
  /** Of what waits for it. */
  onAcknowledge?: () => void;
  /** Of what may be taken away. */
  onDismiss?: () => void;
}

function Line({ group, cameras, kinds, onLeave, onAcknowledge, onDismiss }: LineProps) {
  const { t } = useTranslation();
  const { head, events } = group;
  const what = kindText(head.kind, kinds);
  const where =
    events.length > 1
      ? t('events.group', { count: camerasOf(group) })
      : (nameOf(head, cameras) ?? wordFor('events.source', head.source.type));
  return (
    <li className={classes.item} data-new={onAcknowledge && true}>
      <Link
        className={classes.line}
        to={addressOf(head, events.length > 1)}
        onClick={onLeave}
        data-new={onAcknowledge && true}
        data-severity={head.severity}
        data-testid={`urgent-${head.id}`}
      >
        <SeverityIcon severity={head.severity} />
        <span className={classes.what}>
          <span className={classes.kind}>{what}</span>
          <span className={classes.sub}>
            {where} · {dateTime(Date.parse(head.start))}
            {offsetTail(Date.parse(head.start))}
          </span>
          <span className={classes.sub}>{eventText(head)}</span>
        </span>
      </Link>
      {onAcknowledge && (
        <Button
          size="compact-xs"
          variant="default"
          flex="none"
          onClick={onAcknowledge}
          aria-label={`${t('events.acknowledge')}: ${what}, ${where}`}
          data-testid={`urgent-acknowledge-${head.id}`}
        >
          {t('events.acknowledge')}
        </Button>
      )}
      {onDismiss && (
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          onClick={onDismiss}
          aria-label={`${t('events.dismiss')}: ${what}, ${where}`}
          title={t('events.dismiss')}
          data-testid={`urgent-dismiss-${head.id}`}
        >
          <IconX size={15} aria-hidden="true" />
        </ActionIcon>
      )}
    </li>
  );
}

/** Where it is seen: its moment, or in the list what is of several cameras or of none. */
function addressOf(event: EventItem, several: boolean): string {
  return event.cameraId && !several
    ? momentOf(event.cameraId, event)
    : `${LIST}&kind=${encodeURIComponent(event.kind)}`;
}
