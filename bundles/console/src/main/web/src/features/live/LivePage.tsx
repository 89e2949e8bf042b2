// SPDX-License-Identifier: Apache-2.0
import { type CSSProperties, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCameras } from '../../api/queries';
import { isForDialog, isTyping } from '../../ui/keys';
import { useWakeLock } from '../../ui/useWakeLock';
import { toggleFullScreen, useShell } from '../shell/useShell';
import { AlarmStrip } from './AlarmStrip';
import { Cell } from './Cell';
import { gridOf } from './grids';
import { KIOSK, KIOSK_LAYOUT, kioskAddress, layoutAddress } from './kiosk';
import classes from './LivePage.module.css';
import { WALL } from './lentRoom';
import { useKeptLayouts } from './useKeptLayouts';
import { useLayouts } from './useLayouts';
import { useOwnPlace } from './useOwnPlace';
import { HOTSPOT, useSpot } from './useSpot';
import { useTour } from './useTour';
import { useWall } from './useWall';
import { WallToolbar } from './WallToolbar';

/** A screen that shows a layout by its address follows what others make of it. */
const FOLLOWED_MS = 15_000;

/** Where a window shows what this one does: a kept layout as it is then, or this wall. */
function wallAddress(): string {
  const { grid, cells } = useWall.getState();
  return KIOSK_LAYOUT ? layoutAddress(KIOSK_LAYOUT) : kioskAddress(grid, cells);
}

/** The live wall. */
export function LivePage() {
  const { t } = useTranslation();
  const cameras = useCameras();
  const { grid: gridId, size, cells, selected, maximised } = useWall();
  const chrome = useShell((state) => state.chrome);
  const spot = useSpot((state) => state.cameraId);
  const grid = gridOf(gridId);
  const { walls } = useKeptLayouts(KIOSK_LAYOUT ? FOLLOWED_MS : undefined);
  useTour(walls);
  useWakeLock(!chrome);
  useOwnPlace(wallAddress, useWall.subscribe);
  const shown = cells.slice(0, size);

  const named = walls.filter(({ name }) => name === KIOSK_LAYOUT);
  const wanted = walls.find(({ id }) => id === KIOSK_LAYOUT) ?? named.find(({ own }) => own) ?? named[0];
  const followed = useRef('');
  useEffect(() => {
    const seen = wanted ? `${wanted.id} ${wanted.version}` : '';
    if (KIOSK && wanted && followed.current !== seen) {
      followed.current = seen;
      useLayouts.getState().open(wanted);
    }
  }, [wanted]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        isTyping(event.target) ||
        isForDialog(event.target) ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey
      ) {
        return;
      }
      const wall = useWall.getState();
      if (event.key === 'Escape' && wall.maximised) {
        wall.maximise(null);
      } else if (event.key === 'Escape') {
        useLayouts.getState().endTour();
      } else if (event.key === 'f') {
        void toggleFullScreen().catch(() => undefined);
      } else if (event.key === 'i') {
        wall.toggleDetails();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  // Ordered by camera, placed by style: a camera that moves keeps its element and with it its stream.
  const order = shown
    .map((cameraId, cell) => ({ cameraId, cell, key: cameraId ?? `empty-${cell}` }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

  return (
    <div className={classes.page}>
      {chrome && <WallToolbar />}
      <section
        {...WALL}
        className={classes.wall}
        aria-label={t('live.wall')}
        style={{ '--side': grid.side, '--narrow': grid.side > 2 ? 2 : 1 } as CSSProperties}
        data-maximised={maximised !== null || undefined}
        data-grid={grid.id}
        data-testid="wall"
      >
        {order.map(({ cameraId, cell, key }) => (
          <Cell
            key={key}
            cell={cell}
            grid={grid}
            cameraId={cameraId}
            camera={cameras.data?.find(({ id }) => id === (cameraId === HOTSPOT ? spot : cameraId))}
            camerasLoaded={cameras.data !== undefined}
            selected={selected === cell}
            maximised={maximised !== null && maximised === cameraId}
            hidden={maximised !== null && maximised !== cameraId}
          />
        ))}
      </section>
      <AlarmStrip />
    </div>
  );
}
