// SPDX-License-Identifier: Apache-2.0
import { Badge, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../api/audit';
import { dateTime } from '../../ui/time';
import classes from './AuditPage.module.css';
import { actionText, outcomeOf } from './actionText';
import { changesOf, changeText } from './changes';
import { type Names, subjectText } from './names';

const ROW_PX = 48;
/** Of a phone, where a row is a block of its own. */
const NARROW_ROW_PX = 92;
const NARROW = '(max-width: 48em)';
/** As many rows before the end the next page is asked for, so that scrolling does not stop there. */
const AHEAD_ROWS = 40;

interface Props {
  entries: AuditEntry[];
  names: Names;
  /** Reads on; left out while it reads, and at the end. */
  more?: () => void;
  complete: boolean;
  onShow: (entry: AuditEntry) => void;
}

/** Newest first. Only the rows in view are in the document; what lies further back is read as one comes near it. */
export function AuditList({ entries, names, more, complete, onShow }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = useMediaQuery(NARROW) ? NARROW_ROW_PX : ROW_PX;
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
    initialRect: { width: 1000, height: 700 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the height of rows is another
  useEffect(() => virtual.measure(), [rowPx]);
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  const near = last >= entries.length - AHEAD_ROWS;
  useEffect(() => {
    if (near) {
      more?.();
    }
  }, [near, more]);

  if (entries.length === 0) {
    return (
      <Text c="dimmed" size="sm" px="lg" py="xl" data-testid="audit-none">
        {t('audit.none')}
      </Text>
    );
  }
  return (
    <div ref={scroller} className={classes.scroller}>
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtualiser, which a table cannot do */}
      <div
        className={classes.table}
        role="table"
        aria-rowcount={complete ? entries.length + 1 : -1}
        aria-label={t('audit.title')}
        data-testid="audit-table"
      >
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div className={classes.head} role="row" tabIndex={-1}>
          {['time', 'who', 'what', 'subject', 'address'].map((column) => (
            // biome-ignore lint/a11y/useSemanticElements: see above
            <span key={column} role="columnheader" tabIndex={-1}>
              {t(`audit.column.${column}`)}
            </span>
          ))}
        </div>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const entry = entries[index];
            return (
              entry && (
                <Row
                  key={`${entry.serverId}/${entry.sequence}`}
                  entry={entry}
                  names={names}
                  index={index}
                  style={{ top: start, height: rowPx }}
                  onShow={onShow}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  entry: AuditEntry;
  names: Names;
  index: number;
  style: CSSProperties;
  onShow: (entry: AuditEntry) => void;
}

function Row({ entry, names, index, style, onShow }: RowProps) {
  const { t } = useTranslation();
  const changes = changesOf(entry, names).map(changeText).join(', ');
  const subject = entry.subject && subjectText(entry.subject, names);
  const outcome = outcomeOf(entry);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onShow(entry);
    }
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table above
    <div
      className={classes.row}
      role="row"
      tabIndex={0}
      aria-rowindex={index + 2}
      onClick={() => onShow(entry)}
      onKeyDown={onKeyDown}
      style={style}
      data-testid={`audit-${entry.sequence}`}
      data-action={entry.action}
    >
      <Cell>{dateTime(Date.parse(entry.at))}</Cell>
      <Cell
        className={classes.who}
        title={entry.apiKey && t('audit.byKey', { key: names.get(entry.apiKey) ?? entry.apiKey })}
      >
        <span className={classes.line}>{entry.user}</span>
        {entry.apiKey && <span className={classes.sub}>{t('audit.key')}</span>}
      </Cell>
      <Cell title={entry.action}>
        <span className={classes.what}>
          <span className={classes.line}>{actionText(entry.action)}</span>
          {outcome !== 'done' && (
            <Badge size="xs" color={outcome === 'refused' ? 'red' : 'orange'} variant="light" flex="none">
              {t(`audit.${outcome}`)}
            </Badge>
          )}
        </span>
      </Cell>
      <Cell title={[entry.subject, changes].filter(Boolean).join('\n')}>
        <span className={classes.line}>{subject}</span>
        <span className={classes.sub}>{changes}</span>
      </Cell>
      <Cell title={entry.address}>
        <span className={classes.line}>{entry.address}</span>
      </Cell>
    </div>
  );
}

interface CellProps {
  className?: string;
  title?: string;
  children: React.ReactNode;
}

function Cell({ className, title, children }: CellProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table above
    <div className={`${classes.cell} ${className ?? ''}`} role="cell" title={title}>
      {children}
    </div>
  );
}
