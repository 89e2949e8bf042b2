// SPDX-License-Identifier: Apache-2.0
import { Text } from '@mantine/core';
import { IconPointer, IconVideoPlus } from '@tabler/icons-react';
import { type CSSProperties, type DragEvent, type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/types';
import { asRead } from '../../ui/keys';
import { CAMERA_DRAG_TYPE, CELL_DRAG_TYPE } from './dragTypes';
import { type Direction, type Grid, neighbour } from './grids';
import classes from './LivePage.module.css';
import { Tile } from './Tile';
import { HOTSPOT } from './useSpot';
import { useWall } from './useWall';

interface Props {
  cell: number;
  grid: Grid;
  /** Or `HOTSPOT`. */
  cameraId: string | null;
  /** Of a hotspot the one that is selected elsewhere. */
  camera?: Camera;
  camerasLoaded: boolean;
  selected: boolean;
  maximised: boolean;
  hidden: boolean;
}

/** One place of the wall: takes cameras by drop, holds a tile or an invitation. */
export function Cell({ cell, grid, cameraId, camera, camerasLoaded, selected, maximised, hidden }: Props) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const element = useRef<HTMLElement>(null);
  const wall = useWall.getState();

  const accepts = (event: DragEvent) =>
    event.dataTransfer.types.includes(CAMERA_DRAG_TYPE) || event.dataTransfer.types.includes(CELL_DRAG_TYPE);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const from = event.dataTransfer.getData(CELL_DRAG_TYPE);
    const dropped = event.dataTransfer.getData(CAMERA_DRAG_TYPE);
    if (from !== '') {
      wall.swap(Number(from), cell);
    } else if (dropped) {
      wall.put(cell, dropped);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== element.current || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key.startsWith('Arrow') && !event.shiftKey) {
      const target = neighbour(grid, cell, asRead(event.key) as Direction);
      if (target !== undefined) {
        wall.select(target);
        document.querySelector<HTMLElement>(`[data-testid="tile-${target}"]`)?.focus();
      }
    } else if (event.key === 'Enter' && cameraId) {
      wall.maximise(maximised ? null : cameraId);
    } else if (event.key === 'Delete' && cameraId) {
      wall.remove(cell);
    } else {
      return;
    }
    event.preventDefault();
  }

  const { column, row, span } = grid.places[cell] ?? { column: 0, row: 0, span: 1 };
  const place = {
    '--place': `${row + 1} / ${column + 1} / span ${span} / span ${span}`,
    '--cell': cell,
  } as CSSProperties;
  const following = cameraId === HOTSPOT;
  const shown =
    camera?.name ?? (following ? t('live.hotspotEmpty') : cameraId ? t('live.missing') : t('live.emptyCell'));
  const name = following ? `${t('live.hotspot')}: ${shown}` : shown;

  return (
    <article
      ref={element}
      className={classes.cell}
      style={{ ...place, display: hidden ? 'none' : undefined }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a tile takes keys (Enter, Delete, arrows)
      tabIndex={0}
      aria-label={t('live.cellLabel', { cell: cell + 1, name })}
      data-selected={selected || undefined}
      data-over={over || undefined}
      data-testid={`tile-${cell}`}
      data-maximised={maximised || undefined}
      data-large={span > 1 || undefined}
      data-camera={cameraId ?? undefined}
      draggable={cameraId !== null}
      onDragStart={(event) => {
        // An enlarged picture is moved within its tile.
        if (event.currentTarget.querySelector('[data-enlarged]')) {
          event.preventDefault();
          return;
        }
        event.dataTransfer.setData(CELL_DRAG_TYPE, String(cell));
        event.dataTransfer.effectAllowed = 'move';
      }}
      onDragEnd={(event) => {
        // Dropped outside every cell: taken off the wall.
        if (event.dataTransfer.dropEffect === 'none' && !insideWall(event)) {
          wall.remove(cell);
        }
      }}
      onDragOver={(event) => {
        if (accepts(event)) {
          event.preventDefault();
          setOver(true);
        }
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      onFocus={() => wall.select(cell)}
      onDoubleClick={() => cameraId && wall.maximise(maximised ? null : cameraId)}
      onKeyDown={onKeyDown}
    >
      {cameraId && camera ? (
        <Tile key={camera.id} camera={camera} cell={cell} maximised={maximised} following={following} />
      ) : following ? (
        <div className={classes.empty}>
          <IconPointer size={26} stroke={1.3} aria-hidden="true" />
          <Text size="xs">{t('live.hotspotEmpty')}</Text>
        </div>
      ) : cameraId && camerasLoaded ? (
        <div className={classes.empty}>
          <Text size="sm">{t('live.missing')}</Text>
        </div>
      ) : (
        !cameraId && (
          <div className={classes.empty}>
            <IconVideoPlus size={26} stroke={1.3} aria-hidden="true" />
            <Text size="xs">{t('live.dropHere')}</Text>
          </div>
        )
      )}
    </article>
  );
}

function insideWall(event: DragEvent): boolean {
  const wall = event.currentTarget.parentElement?.getBoundingClientRect();
  return (
    wall !== undefined &&
    event.clientX >= wall.left &&
    event.clientX <= wall.right &&
    event.clientY >= wall.top &&
    event.clientY <= wall.bottom
  );
}
