// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Group, Tooltip } from '@mantine/core';
import {
  IconArrowsMaximize,
  IconHistory,
  IconInfoCircle,
  IconLayoutGridAdd,
  IconPointer,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCameras } from '../../api/queries';
import { serverClock } from '../../api/serverClock';
import { mayWith, useMay } from '../../ui/permissions';
import { toggleFullScreen } from '../shell/useShell';
import { REPLAY_MS, togetherAddress } from '../together/address';
import { GridChoice } from './GridChoice';
import { LayoutMenu } from './LayoutMenu';
import { LiveMenu } from './LiveMenu';
import classes from './LivePage.module.css';
import { HOTSPOT } from './useSpot';
import { useWall } from './useWall';
import { WindowMenu } from './WindowMenu';

export function WallToolbar() {
  const { t } = useTranslation();
  const cameras = useCameras();
  const { size, cells, details, clear, toggleDetails, add, remove } = useWall();
  const hotspot = cells.slice(0, size).indexOf(HOTSPOT);
  const free = cells.slice(0, size).filter((cell) => cell === null).length;
  const navigate = useNavigate();
  const watched = cells
    .slice(0, size)
    .filter(
      (id): id is string =>
        cameras.data?.some((camera) => camera.id === id && mayWith(camera, 'view_archive')) ?? false,
    );
  const unused = (cameras.data ?? []).filter((camera) => !cells.slice(0, size).includes(camera.id));

  return (
    <Group className={classes.toolbar} gap="xs" wrap="nowrap">
      <GridChoice />
      <Tooltip label={t('live.fill')}>
        <ActionIcon
          aria-label={t('live.fill')}
          disabled={free === 0 || unused.length === 0}
          onClick={() => {
            for (const camera of unused.slice(0, free)) {
              add(camera.id);
            }
          }}
          data-testid="wall-fill"
        >
          <IconLayoutGridAdd size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('live.clear')}>
        <ActionIcon aria-label={t('live.clear')} onClick={clear} data-testid="wall-clear">
          <IconTrash size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('live.hotspotHint')}>
        <ActionIcon
          aria-label={t('live.hotspot')}
          aria-pressed={hotspot >= 0}
          variant={hotspot >= 0 ? 'light' : 'subtle'}
          color={hotspot >= 0 ? 'signal' : 'gray'}
          onClick={() => (hotspot >= 0 ? remove(hotspot) : add(HOTSPOT))}
          data-testid="wall-hotspot"
        >
          <IconPointer size={18} />
        </ActionIcon>
      </Tooltip>
      {useMay('view_live') && <LayoutMenu />}
      <Tooltip label={t('together.open')}>
        <ActionIcon
          aria-label={t('together.open')}
          disabled={watched.length === 0}
          onClick={() => navigate(togetherAddress(watched, serverClock.now() - REPLAY_MS))}
          data-testid="wall-together"
        >
          <IconHistory size={18} />
        </ActionIcon>
      </Tooltip>
      <span className={classes.spring} />
      <LiveMenu />
      <Tooltip label={t('live.details')}>
        <ActionIcon
          aria-label={t('live.details')}
          aria-pressed={details}
          variant={details ? 'light' : 'subtle'}
          color={details ? 'signal' : 'gray'}
          onClick={toggleDetails}
        >
          <IconInfoCircle size={18} />
        </ActionIcon>
      </Tooltip>
      <WindowMenu />
      <Tooltip label={t('live.fullScreen')}>
        <ActionIcon
          aria-label={t('live.fullScreen')}
          onClick={() => void toggleFullScreen().catch(() => undefined)}
          data-testid="wall-fullscreen"
        >
          <IconArrowsMaximize size={18} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
