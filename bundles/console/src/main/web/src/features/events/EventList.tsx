// SPDX-License-Identifier: Apache-2.0
import { Button, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Camera, EventItem, EventKind } from '../../api/types';
import { wordFor } from '../../i18n';
import { dateTime, duration } from '../../ui/time';
import { ExtensionElement } from '../extensions/ExtensionElement';
import { useContributions } from '../extensions/useExtensions';
import classes from './EventsPage.module.css';
import { eventText } from './eventText';
import { camerasOf, type EventGroup, groupEvents } from './group';
import { kindText } from './kindText';
import { SeverityIcon } from './SeverityIcon';
import { momentOf, nameOf } from './whereOf';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Props {
  events: EventItem[];
  cameras: Camera[];
  kinds: EventKind[];
  /** Of no events, where there is more to say than that. */
  emptyText?: string;
  more?: () => void;
  loading: boolean;
}

export function EventList({ events, cameras, kinds, emptyText, more, loading }: Props) {
  const { t } = useTranslation();
  if (events.length === 0) {
    return (
      <div className={classes.scroller}>
        <Text c="dimmed" size="sm" px="lg" py="xl" data-testid="events-none">
          {emptyText ?? t('events.none')}
        </Text>
        {more && <More onClick={more} loading={loading} />}
      </div>
    );
  }
  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-label={t('events.title')} data-testid="events-table">
        <thead>
          <tr>
            {['time', 'what', 'source', 'detail'].map((column) => (
              <th key={column} scope="col">
                {t(`events.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groupEvents(events).map((group) => (
            <Group key={group.head.id} group={group} cameras={cameras} kinds={kinds} />
          ))}
        </tbody>
      </table>
      {more && <More onClick={more} loading={loading} />}
    </div>
  );
}

function More({ onClick, loading }: { onClick: () => void; loading: boolean }) {
  const { t } = useTranslation();
  return (
    <Button variant="subtle" size="xs" m="md" onClick={onClick} loading={loading} data-testid="events-more">
      {t('events.more')}
    </Button>
  );
}

/** One line for what one cause did to several cameras, and on demand one for each. */
function Group({ group, cameras, kinds }: { group: EventGroup; cameras: Camera[]; kinds: EventKind[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { head, events } = group;
  if (events.length === 1) {
    return <Row event={head} cameras={cameras} kinds={kinds} />;
  }
  const count = camerasOf(group);
  const lasting = events.find((event) => event.end === undefined);
  const label = t(open ? 'events.hideGroup' : 'events.showGroup');
  return (
    <>
      <Row
        event={lasting ?? head}
        cameras={cameras}
        kinds={kinds}
        testId={`event-group-${head.id}`}
        source={
          <button
            type="button"
            className={classes.group}
            onClick={() => setOpen(!open)}
            aria-expanded={open}
            title={label}
          >
            {open ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
            {t('events.group', { count })}
          </button>
        }
      />
      {open && events.map((event) => <Row key={event.id} event={event} cameras={cameras} kinds={kinds} />)}
    </>
  );
}

interface RowProps {
  event: EventItem;
  cameras: Camera[];
  kinds: EventKind[];
  /** Instead of the event's own. */
  source?: ReactNode;
  testId?: string;
}

function Row({ event, cameras, kinds, source, testId }: RowProps) {
  const { t } = useTranslation();
  const startMs = Date.parse(event.start);
  const lasts = event.form === 'state' && event.end === undefined;
  const brought = useContributions('event.detail');
  const [open, setOpen] = useState(false);
  const line = (
    <tr data-testid={testId ?? `event-${event.id}`} data-kind={event.kind} data-lasts={lasts}>
      <td>
        <span className={classes.line}>{dateTime(startMs)}</span>
        <span className={classes.sub}>{lengthText(event, t('events.lasts'))}</span>
      </td>
      <td>
        <span className={classes.what} title={wordFor('events.severityWord', event.severity)}>
          <SeverityIcon severity={event.severity} />
          <span className={classes.line} title={event.kind}>
            {kindText(event.kind, kinds)}
          </span>
        </span>
        {typeof event.attributes.cause === 'string' && (
          <span className={classes.sub}>{wordFor('cause', event.attributes.cause)}</span>
        )}
      </td>
      <td>{source ?? <Source event={event} cameras={cameras} />}</td>
      <td title={event.detail}>
        <span className={classes.detail}>{eventText(event)}</span>
        {event.endReason && event.endReason !== 'over' && (
          <span className={classes.sub}>{wordFor('events.ended', event.endReason)}</span>
        )}
        {brought.length > 0 && !source && (
          <button
            type="button"
            className={classes.group}
            onClick={() => setOpen(!open)}
            aria-expanded={open}
            data-testid={`event-brought-${event.id}`}
          >
            {open ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
            {t('extensions.event')}
          </button>
        )}
      </td>
    </tr>
  );
  return open && brought.length > 0 ? (
    <>
      {line}
      <tr>
        <td colSpan={4}>
          <Brought event={event} />
        </td>
      </tr>
    </>
  ) : (
    line
  );
}

/** What extensions know of an event. */
function Brought({ event }: { event: EventItem }) {
  const context = useMemo(() => ({ event }), [event]);
  return useContributions('event.detail').map((detail) => (
    <ExtensionElement key={detail.key} contribution={detail} context={context} />
  ));
}

function Source({ event, cameras }: { event: EventItem; cameras: Camera[] }) {
  const { t } = useTranslation();
  const name = nameOf(event, cameras);
  const { type, id, part } = event.source;
  // Ids that the server made say nothing to anybody; those of drivers and integrations are names.
  const said =
    (part !== undefined && event.kind === 'camera.input' ? `${t('control.input')} ${part}` : part) ??
    (event.cameraId || UUID.test(id) ? undefined : id) ??
    (name && wordFor('events.source', type));
  return (
    <>
      {event.cameraId ? (
        <Link
          className={classes.line}
          to={momentOf(event.cameraId, event)}
          title={t('events.toMoment')}
          data-testid={`event-moment-${event.id}`}
        >
          {name ?? event.cameraId}
        </Link>
      ) : (
        <span className={classes.line}>{name ?? wordFor('events.source', type)}</span>
      )}
      <span className={classes.sub} title={said}>
        {(type === 'stream' ? wordFor('stream', part) : said) || ' '}
      </span>
    </>
  );
}

function lengthText(event: EventItem, lasts: string): string {
  if (event.form !== 'state') {
    return ' ';
  }
  return event.end === undefined ? lasts : duration(Date.parse(event.end) - Date.parse(event.start));
}
