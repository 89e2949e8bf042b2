// SPDX-License-Identifier: Apache-2.0
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type CSSProperties, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Camera, EventItem, EventKind } from '../../api/types';
import { wordFor } from '../../i18n';
import { mayWith } from '../../ui/permissions';
import { dateTime, duration } from '../../ui/time';
import { ExtensionElement } from '../extensions/ExtensionElement';
import { useContributions } from '../extensions/useExtensions';
import { EventPicture } from './EventPicture';
import classes from './EventsPage.module.css';
import { eventText } from './eventText';
import { camerasOf } from './group';
import { kindText } from './kindText';
import type { EventRow } from './rows';
import { SeverityIcon } from './SeverityIcon';
import { momentOf, nameOf } from './whereOf';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Props {
  row: Exclude<EventRow, { kind: 'brought' }>;
  cameras: Camera[];
  kinds: EventKind[];
  index: number;
  /** Of all rows one is reached by Tab. */
  focusable: boolean;
  /** Keys of what is unfolded. */
  open: ReadonlySet<string>;
  style: CSSProperties;
  onToggle: (key: string) => void;
  onFocus: (key: string) => void;
}

/** One event, or one line for what one cause did to several cameras. */
export function EventRowLine(props: Props) {
  const { row, cameras, kinds, index, focusable, open, style, onToggle, onFocus } = props;
  const { t } = useTranslation();
  const { event } = row;
  const lasts = event.form === 'state' && event.end === undefined;
  const brought = useContributions('event.detail');
  const camera = cameras.find(({ id }) => id === event.cameraId);
  const kind = kindText(event.kind, kinds);
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table
    <div
      className={classes.row}
      role="row"
      aria-rowindex={index + 2}
      tabIndex={focusable ? 0 : -1}
      onFocus={() => onFocus(row.key)}
      style={style}
      data-row={row.key}
      data-testid={row.kind === 'group' ? `event-group-${row.group.head.id}` : `event-${event.id}`}
      data-kind={event.kind}
      data-lasts={lasts}
    >
      <Cell>
        {row.kind === 'event' && camera && mayWith(camera, 'view_archive') && (
          <EventPicture event={event} camera={camera} label={`${kind}, ${camera.name}`} />
        )}
      </Cell>
      <Cell>
        <span className={classes.line}>{dateTime(Date.parse(event.start))}</span>
        <span className={classes.sub}>{lengthText(event, t('events.lasts'))}</span>
      </Cell>
      <Cell>
        <span className={classes.what} title={wordFor('events.severityWord', event.severity)}>
          <SeverityIcon severity={event.severity} />
          <span className={classes.line} title={event.kind}>
            {kind}
          </span>
        </span>
        {typeof event.attributes.cause === 'string' && (
          <span className={classes.sub}>{wordFor('cause', event.attributes.cause)}</span>
        )}
      </Cell>
      <Cell>
        {row.kind === 'group' ? (
          <Toggle
            open={row.open}
            title={t(row.open ? 'events.hideGroup' : 'events.showGroup')}
            onClick={() => onToggle(row.key)}
          >
            {t('events.group', { count: camerasOf(row.group) })}
          </Toggle>
        ) : (
          <Source event={event} cameras={cameras} />
        )}
      </Cell>
      <Cell title={event.detail}>
        <span className={classes.detail}>{eventText(event)}</span>
        {event.endReason && event.endReason !== 'over' && (
          <span className={classes.sub}>{wordFor('events.ended', event.endReason)}</span>
        )}
        {brought.length > 0 && row.kind === 'event' && (
          <Toggle
            open={open.has(row.key)}
            onClick={() => onToggle(row.key)}
            testId={`event-brought-${event.id}`}
          >
            {t('extensions.event')}
          </Toggle>
        )}
      </Cell>
    </div>
  );
}

function Cell({ title, children }: { title?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table
    <div className={classes.cell} role="cell" title={title}>
      {children}
    </div>
  );
}

interface ToggleProps {
  open: boolean;
  title?: string;
  onClick: () => void;
  testId?: string;
  children: ReactNode;
}

function Toggle({ open, title, onClick, testId, children }: ToggleProps) {
  return (
    <button
      type="button"
      className={classes.group}
      onClick={onClick}
      aria-expanded={open}
      title={title}
      data-testid={testId}
    >
      {open ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
      {children}
    </button>
  );
}

/** What extensions know of an event. */
export function Brought({ event }: { event: EventItem }) {
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
          {name ?? wordFor('events.source', 'camera')}
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
