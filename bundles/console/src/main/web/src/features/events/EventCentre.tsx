// SPDX-License-Identifier: Apache-2.0
import { Alert, Loader, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useEventKinds, useLastingEvents, useNewestEvents } from '../../api/events';
import { useCameras } from '../../api/queries';
import type { Camera, EventItem, EventKind } from '../../api/types';
import { wordFor } from '../../i18n';
import { problemText } from '../../ui/problemText';
import { dateTime } from '../../ui/time';
import classes from './EventCentre.module.css';
import { eventText } from './eventText';
import { camerasOf, type EventGroup, groupEvents } from './group';
import { kindText } from './kindText';
import { SeverityIcon } from './SeverityIcon';
import { momentOf, nameOf } from './whereOf';

/** Warnings and worse. */
const URGENT = 'warning';
/** The list of events with all of these: its range is else a day, and here stands what is older, too. */
const LIST = `/events?severity=${URGENT}&range=all`;
/** More are for the list of events. */
const LATELY_MAX = 20;

interface Props {
  /** Critical events with a greater id are new. */
  seen: string;
  onLeave: () => void;
}

/** What is not as it should be: first what still goes on, the worst of it on top, then what was lately. */
export function EventCentre({ seen, onLeave }: Props) {
  const { t } = useTranslation();
  const lasting = useLastingEvents(URGENT);
  const newest = useNewestEvents(URGENT);
  const cameras = useCameras().data ?? [];
  const kinds = useEventKinds().data ?? [];
  const error = lasting.error ?? newest.error;
  // One without the other would have what goes on among what is over.
  const loaded = !lasting.isPending && !newest.isPending;
  const goOn = groupEvents(lasting.data ?? []).sort((a, b) => rank(b) - rank(a));
  const known = new Set(lasting.data?.map(({ id }) => id));
  const over = groupEvents((newest.data ?? []).filter(({ id }) => !known.has(id))).slice(0, LATELY_MAX);
  const list = (groups: EventGroup[], name: 'goingOn' | 'lately') =>
    loaded &&
    groups.length > 0 && (
      <section>
        <Text component="h2" size="xs" fw={600} c="dimmed" px="md" pt="sm" pb={2}>
          {t(`events.urgent.${name}`)}
        </Text>
        <ul className={classes.list} data-testid={`urgent-${name}`}>
          {groups.map((group) => (
            <Line
              key={group.head.id}
              group={group}
              cameras={cameras}
              kinds={kinds}
              isNew={group.events.some(({ id, severity }) => severity === 'critical' && id > seen)}
              onLeave={onLeave}
            />
          ))}
        </ul>
      </section>
    );
  return (
    <div className={classes.centre} data-testid="urgent">
      <div className={classes.scroller}>
        {error && (
          <Alert color="red" variant="light" m="sm" p="xs">
            {problemText(error)}
          </Alert>
        )}
        {!loaded && <Loader size="sm" m="md" />}
        {lasting.data && newest.data && goOn.length + over.length === 0 && (
          <Text size="sm" c="dimmed" p="md" data-testid="urgent-none">
            {t('events.nothingUrgent')}
          </Text>
        )}
        {list(goOn, 'goingOn')}
        {list(over, 'lately')}
      </div>
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
  isNew: boolean;
  onLeave: () => void;
}

function Line({ group, cameras, kinds, isNew, onLeave }: LineProps) {
  const { t } = useTranslation();
  const { head, events } = group;
  const count = camerasOf(group);
  const where =
    events.length > 1
      ? t('events.group', { count })
      : (nameOf(head, cameras) ?? wordFor('events.source', head.source.type));
  return (
    <li>
      <Link
        className={classes.line}
        to={addressOf(head, events.length > 1)}
        onClick={onLeave}
        data-new={isNew || undefined}
        data-severity={head.severity}
        data-testid={`urgent-${head.id}`}
      >
        <SeverityIcon severity={head.severity} />
        <span className={classes.what}>
          <span className={classes.kind}>
            {kindText(head.kind, kinds)}
            {isNew && <span className={classes.fresh}>{t('events.new')}</span>}
          </span>
          <span className={classes.sub}>
            {where} · {dateTime(Date.parse(head.start))}
          </span>
          <span className={classes.sub}>{eventText(head)}</span>
        </span>
      </Link>
    </li>
  );
}

/** Where it is seen: its moment, or in the list what is of several cameras or of none. */
function addressOf(event: EventItem, several: boolean): string {
  return event.cameraId && !several
    ? momentOf(event.cameraId, event)
    : `${LIST}&kind=${encodeURIComponent(event.kind)}`;
}
