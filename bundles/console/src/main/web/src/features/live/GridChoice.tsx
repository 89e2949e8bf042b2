// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Menu, SegmentedControl, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EVEN_GRIDS, type Grid, gridOf, MIXED_GRIDS } from './grids';
import { useWall } from './useWall';

/** How the wall is parted: even grids side by side, those with large cells in a menu. */
export function GridChoice() {
  const { t } = useTranslation();
  const grid = useWall((wall) => wall.grid);
  const { setGrid } = useWall.getState();
  const mixed = MIXED_GRIDS.some(({ id }) => id === grid);
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={t('live.grid')}
        value={grid}
        onChange={setGrid}
        data={EVEN_GRIDS.map(({ id }) => ({ value: id, label: id }))}
        data-testid="wall-size"
      />
      <Menu position="bottom-start" shadow="md">
        <Menu.Target>
          <Tooltip label={t('live.mixedGrids')}>
            <ActionIcon
              aria-label={t('live.mixedGrids')}
              variant={mixed ? 'light' : 'subtle'}
              color={mixed ? 'signal' : 'gray'}
              data-testid="wall-mixed"
            >
              <GridIcon grid={mixed ? gridOf(grid) : (MIXED_GRIDS[0] as Grid)} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {MIXED_GRIDS.map((one) => (
            <Menu.Item
              key={one.id}
              leftSection={<GridIcon grid={one} />}
              onClick={() => setGrid(one.id)}
              data-testid={`wall-grid-${one.id}`}
            >
              {one.id}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

const ICON = 18;

function GridIcon({ grid }: { grid: Grid }) {
  const unit = ICON / grid.side;
  return (
    <svg width={ICON} height={ICON} viewBox={`0 0 ${ICON} ${ICON}`} fill="currentColor" aria-hidden="true">
      {grid.places.map(({ column, row, span }) => (
        <rect
          key={`${column}-${row}`}
          x={column * unit + 0.6}
          y={row * unit + 0.6}
          width={span * unit - 1.2}
          height={span * unit - 1.2}
          rx={1}
        />
      ))}
    </svg>
  );
}
