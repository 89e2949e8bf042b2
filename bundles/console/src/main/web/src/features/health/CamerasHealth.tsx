// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Group, Text, TextInput, Title, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconHistory, IconSearch, IconVideo } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCameraLosses } from '../../api/camerasHealth';
import { useCameras } from '../../api/queries';
import { serverClock } from '../../api/serverClock';
import { CameraStateIcon, stateText } from '../../ui/CameraStateIcon';
import { number, tenths } from '../../ui/number';
import { mayWith } from '../../ui/permissions';
import { dateTime, duration } from '../../ui/time';
import { useWall } from '../live/useWall';
import classes from './CamerasHealth.module.css';
import {
  type CameraLine,
  type Column,
  firstOrder,
  lineOf,
  matching,
  type Order,
  sorted,
} from './camerasHealth';

const ROW_PX = 46;
/** Of a phone, where a state takes lines. */
const NARROW_ROW_PX = 68;
const NARROW = '(max-width: 48em)';
const COLUMNS: Column[] = ['name', 'state', 'rate', 'bitrate', 'last', 'missing'];
/** Columns that a phone has no room for. */
const ROOMY: Column[] = ['rate', 'bitrate', 'last'];

/** How each camera is, who needs somebody first. Only the rows in view are in the document. */
export function CamerasHealth() {
  const { t } = useTranslation();
  const cameras = useCameras();
  const losses = useCameraLosses();
  const [filter, setFilter] = useState('');
  const [order, setOrder] = useState<Order>(firstOrder('state'));
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => {
    const all = (cameras.data ?? []).map((camera) => lineOf(camera, losses.data?.get(camera.id)));
    return sorted(
      matching(all, filter, ({ status }) => stateText(status)),
      order,
    );
  }, [cameras.data, losses.data, filter, order]);
  const rowPx = useMediaQuery(NARROW) ? NARROW_ROW_PX : ROW_PX;
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 6,
    initialRect: { width: 1000, height: 480 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the height of rows is another
  useEffect(() => virtual.measure(), [rowPx]);
  const sortBy = (column: Column) =>
    setOrder(order.column === column ? { column, ascending: !order.ascending } : firstOrder(column));

  return (
    <section className={classes.section} data-testid="cameras-health">
      <Group justify="space-between" gap="sm" mb="xs">
        <Title order={2} size="h4">
          {t('health.cameras.title')}
        </Title>
        <TextInput
          size="xs"
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          placeholder={t('health.cameras.search')}
          aria-label={t('health.cameras.search')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          data-testid="cameras-health-search"
        />
      </Group>
      <div ref={scroller} className={classes.scroller}>
        {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtualiser, which a table cannot do */}
        <div role="table" aria-rowcount={lines.length + 1} aria-label={t('health.cameras.title')}>
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          <div className={classes.head} role="row" tabIndex={-1}>
            {COLUMNS.map((column) => (
              <Head key={column} column={column} order={order} onSort={() => sortBy(column)} />
            ))}
            {/* biome-ignore lint/a11y/useSemanticElements: see above */}
            <span role="columnheader" tabIndex={-1} aria-label={t('health.cameras.column.links')} />
          </div>
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map((item) => {
              const line = lines[item.index];
              return (
                line && (
                  // biome-ignore lint/a11y/useSemanticElements: see above
                  <div
                    key={line.camera.id}
                    className={classes.row}
                    role="row"
                    tabIndex={-1}
                    aria-rowindex={item.index + 2}
                    style={{ top: item.start, height: rowPx }}
                    data-testid={`camera-health-${line.camera.id}`}
                  >
                    <Cells line={line} />
                  </div>
                )
              );
            })}
          </div>
        </div>
        {cameras.data && lines.length === 0 && (
          <Text c="dimmed" size="sm" p="md">
            {t(filter ? 'health.cameras.noMatch' : 'health.cameras.none')}
          </Text>
        )}
      </div>
    </section>
  );
}

function Head({ column, order, onSort }: { column: Column; order: Order; onSort: () => void }) {
  const { t } = useTranslation();
  const sortedBy = order.column === column;
  const Arrow = order.ascending ? IconArrowUp : IconArrowDown;
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table above
    <span
      role="columnheader"
      tabIndex={-1}
      aria-sort={sortedBy ? (order.ascending ? 'ascending' : 'descending') : 'none'}
      className={ROOMY.includes(column) ? classes.roomy : undefined}
    >
      <button
        type="button"
        className={classes.sort}
        onClick={onSort}
        data-testid={`cameras-health-by-${column}`}
      >
        {t(`health.cameras.column.${column}`)}
        {sortedBy && <Arrow size={12} aria-hidden="true" />}
      </button>
    </span>
  );
}

function Cells({ line }: { line: CameraLine }) {
  const { t } = useTranslation();
  const { camera, losses, lastMs } = line;
  const { status } = camera;
  const age = lastMs === undefined ? undefined : Math.max(serverClock.now() - lastMs, 0);
  const gaps = losses?.gaps ?? 0;
  return (
    <>
      <Cell title={camera.group ? `${camera.name} · ${camera.group}` : camera.name}>
        <span className={classes.line}>{camera.name}</span>
        <span className={classes.sub}>{camera.group ?? ' '}</span>
      </Cell>
      <Cell title={stateText(status)}>
        <span className={classes.state}>
          <CameraStateIcon status={status} />
          <span className={classes.line}>{stateText(status)}</span>
        </span>
      </Cell>
      <Cell roomy>{line.framesPerSecond > 0 ? tenths(line.framesPerSecond) : '–'}</Cell>
      <Cell roomy>
        {line.bitrateBps > 0 ? number(line.bitrateBps / 1000, { maximumFractionDigits: 0 }) : '–'}
      </Cell>
      <Cell title={lastMs === undefined ? undefined : dateTime(lastMs)} roomy>
        <bdi>{age === undefined ? '–' : t('health.cameras.ago', { time: duration(age) })}</bdi>
      </Cell>
      <Cell
        title={
          losses && losses.packetsLost > 0
            ? t('health.cameras.packets', { count: losses.packetsLost })
            : undefined
        }
      >
        {losses?.missingSeconds === undefined ? (
          '–'
        ) : gaps === 0 ? (
          t('health.cameras.complete')
        ) : (
          <>
            <bdi className={classes.line}>{duration(losses.missingSeconds * 1000)}</bdi>
            <bdi className={classes.sub}>{t('health.cameras.gaps', { count: gaps })}</bdi>
          </>
        )}
      </Cell>
      {/* biome-ignore lint/a11y/useSemanticElements: see the table above */}
      <div className={classes.links} role="cell">
        {mayWith(camera, 'view_live') && (
          <Tooltip label={t('nav.live')}>
            <ActionIcon
              component={Link}
              to="/live"
              onClick={() => useWall.getState().add(camera.id)}
              aria-label={`${t('nav.live')}: ${camera.name}`}
            >
              <IconVideo size={17} />
            </ActionIcon>
          </Tooltip>
        )}
        {mayWith(camera, 'view_archive') && (
          <Tooltip label={t('nav.playback')}>
            <ActionIcon
              component={Link}
              to={`/playback/${camera.id}`}
              aria-label={`${t('nav.playback')}: ${camera.name}`}
            >
              <IconHistory size={17} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </>
  );
}

function Cell({ title, roomy, children }: { title?: string; roomy?: boolean; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table above
    <div className={roomy ? `${classes.cell} ${classes.roomy}` : classes.cell} role="cell" title={title}>
      {children}
    </div>
  );
}
