// SPDX-License-Identifier: Apache-2.0
import { Button, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera, EventItem, EventKind } from '../../api/types';
import { Brought, EventRowLine } from './EventRowLine';
import classes from './EventsPage.module.css';
import { groupEvents } from './group';
import { rowsOf } from './rows';

const ROW_PX = 60;
/** Of a phone, where a row is a block of its own. */
const NARROW_ROW_PX = 104;
const NARROW = '(max-width: 48em)';
/** As many rows before the end the next page is asked for, so that scrolling does not stop there. */
const AHEAD_ROWS = 40;
const OVERSCAN = 8;
const PAGE_ROWS = 10;
const HEAD_PX = 34;

interface Props {
  events: EventItem[];
  cameras: Camera[];
  kinds: EventKind[];
  /** Of no events, where there is more to say than that. */
  emptyText?: string;
  /** Reads on; left out while it reads, after it has failed, and at the end. */
  more?: () => void;
  /** Whether these are all there are. */
  complete: boolean;
  /** Reading on has failed or went far without finding anything: it goes on only when somebody says so. */
  again?: () => void;
}

/**
 * Newest first. Only the rows in view are in the document; what lies further back is read as one comes near it. By keyboard
 * the arrows, Page, Home and End go from row to row, and Tab into one.
 */
export function EventList({ events, cameras, kinds, emptyText, more, complete, again }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<string>();
  /** To be focused once it is there. */
  const wanted = useRef<string>(undefined);
  const groups = useMemo(() => groupEvents(events), [events]);
  const rows = useMemo(() => rowsOf(groups, open), [groups, open]);
  const rowPx = useMediaQuery(NARROW) ? NARROW_ROW_PX : ROW_PX;
  const activeIndex = useMemo(
    () =>
      Math.max(
        0,
        rows.findIndex(({ key }) => key === active),
      ),
    [rows, active],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN,
    // The head stays in view, above the rows.
    scrollPaddingEnd: HEAD_PX,
    initialRect: { width: 1000, height: 700 },
    // The row one stands on stays when it is scrolled away: its focus would be lost with it.
    rangeExtractor: useCallback(
      (range: Range) =>
        active === undefined
          ? defaultRangeExtractor(range)
          : [...new Set([...defaultRangeExtractor(range), activeIndex])].sort((a, b) => a - b),
      [active, activeIndex],
    ),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the height of rows is another
  useEffect(() => virtual.measure(), [rowPx]);
  const items = virtual.getVirtualItems();
  const near = (virtual.range?.endIndex ?? 0) >= rows.length - AHEAD_ROWS;
  useEffect(() => {
    if (near) {
      more?.();
    }
  }, [near, more]);
  useEffect(() => {
    if (wanted.current !== undefined) {
      const there = scroller.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [];
      const row = [...there].find(({ dataset }) => dataset.row === wanted.current);
      if (row) {
        wanted.current = undefined;
        row.focus({ preventScroll: true });
      }
    }
  });

  const toggle = (key: string) =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(key)) {
        next.add(key);
      }
      return next;
    });

  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, number> = {
      ArrowDown: activeIndex + 1,
      ArrowUp: activeIndex - 1,
      PageDown: activeIndex + PAGE_ROWS,
      PageUp: activeIndex - PAGE_ROWS,
      Home: 0,
      End: rows.length - 1,
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, step));
    wanted.current = rows[next]?.key;
    setActive(wanted.current);
    virtual.scrollToIndex(next);
  }

  const readOn = again && (
    <Button variant="subtle" size="xs" m="md" onClick={again} data-testid="events-more">
      {t('events.more')}
    </Button>
  );
  if (rows.length === 0) {
    return (
      <div className={classes.scroller}>
        <Text c="dimmed" size="sm" px="lg" py="xl" data-testid="events-none">
          {emptyText ?? t('events.none')}
        </Text>
        {readOn}
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are of the rows within, one of which has the focus
    <div ref={scroller} className={classes.scroller} onKeyDown={onKeyDown} data-testid="events-scroller">
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtualiser, which a table cannot do */}
      <div
        className={classes.table}
        role="table"
        aria-rowcount={complete ? rows.length + 1 : -1}
        aria-label={t('events.title')}
        data-testid="events-table"
      >
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div className={classes.head} role="row" aria-rowindex={1} tabIndex={-1}>
          {['picture', 'time', 'what', 'source', 'detail'].map((column) => (
            // biome-ignore lint/a11y/useSemanticElements: see above
            <span key={column} role="columnheader" tabIndex={-1}>
              {t(`events.column.${column}`)}
            </span>
          ))}
        </div>
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row?.kind === 'brought') {
              return (
                // biome-ignore lint/a11y/useSemanticElements: see above
                <div
                  key={row.key}
                  ref={virtual.measureElement}
                  className={classes.brought}
                  role="row"
                  tabIndex={-1}
                  aria-rowindex={index + 2}
                  data-index={index}
                  data-row={row.key}
                  style={{ top: start, minHeight: rowPx }}
                >
                  {/* biome-ignore lint/a11y/useSemanticElements: see above */}
                  <div role="cell">
                    <Brought event={row.event} />
                  </div>
                </div>
              );
            }
            return (
              row && (
                <EventRowLine
                  key={row.key}
                  row={row}
                  cameras={cameras}
                  kinds={kinds}
                  index={index}
                  focusable={index === activeIndex}
                  open={open}
                  style={{ top: start, height: rowPx }}
                  onToggle={toggle}
                  onFocus={setActive}
                />
              )
            );
          })}
        </div>
      </div>
      {readOn}
    </div>
  );
}
