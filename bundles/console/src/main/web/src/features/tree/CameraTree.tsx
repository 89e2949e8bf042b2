// SPDX-License-Identifier: Apache-2.0
import { Alert, CloseButton, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useCameras, useHealth } from '../../api/queries';
import { useKnownServers } from '../../api/servers';
import { asRead } from '../../ui/keys';
import { problemText } from '../../ui/problemText';
import { otherConsole } from '../servers/otherConsole';
import classes from './CameraTree.module.css';
import { pathTo, type TreeRow, treeRows } from './rows';
import { TreeLine } from './TreeLine';
import { keyStep, typedStep } from './treeKeys';
import { useOpenCamera } from './useOpenCamera';

const ROW_PX = 30;
/** Letters that come faster belong together. */
const TYPED_MS = 600;

/** All cameras the user may see; only the lines in view are in the document. */
export function CameraTree() {
  const { t } = useTranslation();
  const cameras = useCameras();
  const health = useHealth();
  const servers = useKnownServers().data?.servers;
  const { pathname } = useLocation();
  const [filter, setFilter] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', atMs: 0 });
  const open = useOpenCamera();

  const rows = useMemo(() => {
    const named = health.data;
    return treeRows(
      cameras.data ?? [],
      {
        name: t('tree.site'),
        serverName: (id) =>
          (named?.serverId === id || !named?.serverId ? named?.serverName : undefined) ?? t('tree.server'),
        // Somebody may have put this one on the list too.
        others: (servers ?? []).filter(({ address }) => address !== window.location.origin),
      },
      filter,
      closed,
    );
  }, [cameras.data, health.data, servers, filter, closed, t]);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    initialRect: { width: 268, height: 600 },
  });

  const toggle = (...ids: string[]) =>
    setClosed((before) => {
      const after = new Set(before);
      for (const id of ids) {
        if (!after.delete(id)) {
          after.add(id);
        }
      }
      return after;
    });

  function choose(row: TreeRow) {
    if (row.kind === 'camera') {
      // Where it was found it stays to be seen when the filter is gone.
      const path = pathTo(row.camera);
      setClosed((before) => new Set([...before].filter((id) => !path.includes(id))));
      open(row.camera);
    } else if (row.kind === 'elsewhere') {
      window.location.assign(otherConsole(row.address, pathname));
    } else {
      toggle(row.id);
    }
  }

  function activate(line: number) {
    setActive(line);
    virtual.scrollToIndex(line);
  }

  function onKeyDown(event: KeyboardEvent) {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const row = rows[active];
    const step = plain ? keyStep(rows, active, asRead(event.key)) : undefined;
    if (step && row) {
      if (step.choose) {
        choose(row);
      } else {
        toggle(...step.toggle);
      }
      activate(step.active);
    } else if (plain && event.key.length === 1) {
      const { text, atMs } = typed.current;
      const now = event.timeStamp;
      typed.current = { text: now - atMs < TYPED_MS ? text + event.key : event.key, atMs: now };
      activate(typedStep(rows, active, typed.current.text));
    } else {
      return;
    }
    event.preventDefault();
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
            activate(0);
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
