// SPDX-License-Identifier: Apache-2.0
import { Menu } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconDots, IconFolder, IconServer2 } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { CameraStateIcon, stateText } from '../../ui/CameraStateIcon';
import { CAMERA_DRAG_TYPE } from '../live/dragTypes';
import { CameraMenu } from './CameraMenu';
import classes from './CameraTree.module.css';
import type { TreeRow } from './rows';

interface Props {
  row: TreeRow;
  active: boolean;
  top: number;
  height: number;
  onChoose: () => void;
}

export function TreeLine({ row, active, top, height, onChoose }: Props) {
  const [menu, setMenu] = useState(false);
  const style = { top, height, paddingInlineStart: 8 + row.depth * 14 };
  if (row.kind !== 'camera') {
    const Icon = row.kind === 'server' ? IconServer2 : IconFolder;
    const Chevron = row.open ? IconChevronDown : IconChevronRight;
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys for its active line
      <div
        id={`tree-row-${row.id}`}
        className={classes.row}
        style={style}
        role="treeitem"
        tabIndex={-1}
        aria-level={row.depth + 1}
        aria-expanded={row.open}
        aria-selected={active}
        data-active={active || undefined}
        onClick={onChoose}
      >
        <Chevron size={14} aria-hidden="true" />
        <Icon size={15} stroke={1.6} aria-hidden="true" />
        <span className={classes.label} data-strong>
          {row.label}
        </span>
        <span className={classes.count}>{row.count}</span>
      </div>
    );
  }
  const { camera } = row;
  const drag = (event: DragEvent) => {
    event.dataTransfer.setData(CAMERA_DRAG_TYPE, camera.id);
    event.dataTransfer.setData('text/plain', camera.name);
    event.dataTransfer.effectAllowed = 'copyMove';
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys for its active line
    <div
      id={`tree-row-${row.id}`}
      className={classes.row}
      style={style}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.depth + 1}
      aria-selected={active}
      data-active={active || undefined}
      data-off={camera.status.state === 'disabled' || undefined}
      title={`${camera.name}\n${stateText(camera.status)}`}
      draggable
      onDragStart={drag}
      onClick={onChoose}
      onContextMenu={(event) => {
        event.preventDefault();
        setMenu(true);
      }}
      data-testid={`tree-camera-${camera.id}`}
    >
      <CameraStateIcon status={camera.status} />
      <span className={classes.label}>{camera.name}</span>
      <Menu opened={menu} onChange={setMenu} position="right-start" withinPortal shadow="md">
        <Menu.Target>
          <button
            type="button"
            tabIndex={-1}
            className={classes.more}
            aria-label={camera.name}
            aria-haspopup="menu"
            onClick={(event) => {
              event.stopPropagation();
              setMenu(true);
            }}
          >
            <IconDots size={15} />
          </button>
        </Menu.Target>
        <CameraMenu camera={camera} />
      </Menu>
    </div>
  );
}
