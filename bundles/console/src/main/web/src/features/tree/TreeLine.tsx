// SPDX-License-Identifier: Apache-2.0
import { Menu } from '@mantine/core';
import {
  IconBuilding,
  IconChevronDown,
  IconChevronRight,
  IconDots,
  IconExternalLink,
  IconFolder,
  IconServer2,
} from '@tabler/icons-react';
import { type CSSProperties, type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordFor } from '../../i18n';
import { CameraStateIcon, stateText } from '../../ui/CameraStateIcon';
import { CAMERA_DRAG_TYPE } from '../live/dragTypes';
import { CameraMenu } from './CameraMenu';
import classes from './CameraTree.module.css';
import type { Branch, TreeRow } from './rows';

interface Props {
  row: TreeRow;
  active: boolean;
  top: number;
  height: number;
  onChoose: () => void;
}

const ICONS = { site: IconBuilding, server: IconServer2, group: IconFolder };

/** Only the lines in view are in the document: where they stand among all is said. */
const placeOf = ({ depth, place, places }: TreeRow) => ({
  'aria-level': depth + 1,
  'aria-posinset': place,
  'aria-setsize': places,
});

/** "3 × Offline". */
const worstText = ({ worst, worstCount }: Branch) =>
  `${worstCount} × ${wordFor('cameraState', worst?.state)}`;

interface ElsewhereProps {
  row: Extract<TreeRow, { kind: 'elsewhere' }>;
  active: boolean;
  style: CSSProperties;
  onChoose: () => void;
}

/** Another server; its console has its cameras. */
function Elsewhere({ row, active, style, onChoose }: ElsewhereProps) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys for its active line
    <div
      id={`tree-row-${row.id}`}
      className={classes.row}
      style={style}
      role="treeitem"
      tabIndex={-1}
      {...placeOf(row)}
      aria-selected={active}
      data-active={active || undefined}
      title={`${t('tree.elsewhere')}\n${row.address}`}
      onClick={onChoose}
      data-testid={`tree-elsewhere-${row.label}`}
    >
      <span className={classes.noChevron} />
      <IconServer2 size={15} stroke={1.6} aria-hidden="true" />
      <span className={classes.label} data-strong>
        {row.label}
      </span>
      <IconExternalLink size={14} stroke={1.6} role="img" aria-label={t('tree.elsewhere')} />
    </div>
  );
}

export function TreeLine({ row, active, top, height, onChoose }: Props) {
  const [menu, setMenu] = useState(false);
  const style = { top, height, paddingInlineStart: 8 + row.depth * 14 };
  if (row.kind === 'elsewhere') {
    return <Elsewhere row={row} active={active} style={style} onChoose={onChoose} />;
  }
  if (row.kind !== 'camera') {
    const Icon = ICONS[row.kind];
    const Chevron = row.open ? IconChevronDown : IconChevronRight;
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys for its active line
      <div
        id={`tree-row-${row.id}`}
        className={classes.row}
        style={style}
        role="treeitem"
        tabIndex={-1}
        {...placeOf(row)}
        aria-expanded={row.open}
        aria-selected={active}
        data-active={active || undefined}
        onClick={onChoose}
        data-testid={`tree-${row.kind}-${row.id}`}
      >
        <Chevron size={14} className={row.open ? undefined : classes.closed} aria-hidden="true" />
        <Icon size={15} stroke={1.6} aria-hidden="true" />
        <span className={classes.label} data-strong>
          {row.label}
        </span>
        {row.worst && (
          <span className={classes.worst} title={worstText(row)} data-state={row.worst.state}>
            <CameraStateIcon status={row.worst} size={12} />
            {row.worstCount}
          </span>
        )}
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
      {...placeOf(row)}
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
