// SPDX-License-Identifier: Apache-2.0
import { Alert, CloseButton, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCameras, useHealth } from '../../api/queries';
import { problemText } from '../../ui/problemText';
import classes from './CameraTree.module.css';
import { type TreeRow, treeRows } from './rows';
import { TreeLine } from './TreeLine';
import { useOpenCamera } from './useOpenCamera';

const ROW_PX = 30;

/** All cameras the user may see; only the lines in view are in the document. */
export function CameraTree() {
  const { t } = useTranslation();
  const cameras = useCameras();
  const health = useHealth();
  const [filter, setFilter] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const open = useOpenCamera();

  const rows = useMemo(() => {
    const named = health.data;
    return treeRows(
      cameras.data ?? [],
      (id) =>
        (named?.serverId === id || !named?.serverId ? named?.serverName : undefined) ?? t('tree.server'),
      filter,
      closed,
    );
  }, [cameras.data, health.data, filter, closed, t]);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    initialRect: { width: 268, height: 600 },
  });

  const toggle = (row: TreeRow) =>
    setClosed((before) => {
      const after = new Set(before);
      if (!after.delete(row.id)) {
        after.add(row.id);
      }
      return after;
    });

  const choose = (row: TreeRow) => (row.kind === 'camera' ? open(row.camera) : toggle(row));

  function onKeyDown(event: KeyboardEvent) {
    const row = rows[active];
    let next = active;
    if (event.key === 'ArrowDown') {
      next = Math.min(rows.length - 1, active + 1);
    } else if (event.key === 'ArrowUp') {
      next = Math.max(0, active - 1);
    } else if (event.key === 'Home') {
      next = 0;
    } else if (event.key === 'End') {
      next = rows.length - 1;
    } else if (event.key === 'Enter' && row) {
      choose(row);
    } else if (event.key === 'ArrowRight' && row && row.kind !== 'camera' && !row.open) {
      toggle(row);
    } else if (event.key === 'ArrowLeft' && row && row.kind !== 'camera' && row.open) {
      toggle(row);
    } else {
      return;
    }
    event.preventDefault();
    setActive(next);
    virtual.scrollToIndex(next);
  }

  return (
    <>
      <div className={classes.search}>
        <TextInput
          size="xs"
          placeholder={t('tree.filter')}
          aria-label={t('tree.filter')}
          leftSection={<IconSearch size={14} />}
          value={filter}
          onChange={(event) => {
            setFilter(event.currentTarget.value);
            setActive(0);
          }}
          rightSection={
            filter && <CloseButton size="xs" aria-label={t('common.clear')} onClick={() => setFilter('')} />
          }
          data-testid="tree-filter"
        />
      </div>
      {cameras.error && !cameras.data && (
        <Alert color="red" m="xs" variant="light">
          {problemText(cameras.error)}
        </Alert>
      )}
      {cameras.data && rows.length === 0 && (
        <Text size="sm" c="dimmed" p="md">
          {t(cameras.data.length === 0 ? 'tree.empty' : 'tree.nothing')}
        </Text>
      )}
      <div
        ref={scroller}
        className={classes.scroller}
        role="tree"
        aria-label={t('tree.title')}
        aria-activedescendant={rows[active] ? `tree-row-${rows[active].id}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        data-testid="tree"
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <TreeLine
                  key={row.id}
                  row={row}
                  active={item.index === active}
                  top={item.start}
                  height={ROW_PX}
                  onChoose={() => {
                    setActive(item.index);
                    choose(row);
                  }}
                />
              )
            );
          })}
        </div>
      </div>
    </>
  );
}
