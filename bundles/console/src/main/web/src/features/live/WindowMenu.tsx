// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Menu } from '@mantine/core';
import {
  IconAppWindow,
  IconDeviceDesktop,
  IconDeviceDesktopSearch,
  IconExternalLink,
  IconTrash,
  IconWindowMaximize,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCameras } from '../../api/queries';
import { toast } from '../../ui/toast';
import { kioskAddress } from './kiosk';
import classes from './LivePage.module.css';
import { useWall } from './useWall';
import {
  type KeptWindow,
  knowsScreens,
  mayKnowScreens,
  openWindow,
  restoreWindows,
  type Screen,
  screens,
  useWindows,
} from './windows';

/** The wall, or the selected tile, in a window of its own; those of before, where they stood. */
export function WindowMenu() {
  const { t } = useTranslation();
  const cameras = useCameras().data ?? [];
  const { grid, cells, selected } = useWall();
  const { windows, forget } = useWindows();
  const [known, setKnown] = useState<readonly Screen[]>([]);
  const chosen = cells[selected] ?? null;
  const named = cameras.find(({ id }) => id === chosen);
  const wall = kioskAddress(grid, cells);
  const told = (opened: boolean) => opened || toast(t('windows.blocked', { count: 1 }), 'error');
  const restore = (kept: readonly KeptWindow[]) => {
    const blocked = restoreWindows(kept);
    if (blocked > 0) {
      toast(t('windows.blocked', { count: blocked }), 'error');
    }
  };
  const learn = () => void screens().then(setKnown);
  return (
    <Menu
      position="bottom-end"
      shadow="md"
      width={300}
      onOpen={() => void mayKnowScreens().then((may) => may && learn())}
    >
      <Menu.Target>
        <ActionIcon
          className={classes.ownWindow}
          aria-label={t('windows.title')}
          title={t('windows.title')}
          data-testid="wall-windows"
        >
          <IconExternalLink size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconWindowMaximize size={15} />}
          onClick={() => told(openWindow(wall))}
          data-testid="wall-window"
        >
          {t('live.ownWindow')}
        </Menu.Item>
        {chosen && (
          <Menu.Item
            leftSection={<IconAppWindow size={15} />}
            onClick={() => told(openWindow(kioskAddress('1', [chosen])))}
            data-testid="tile-window"
          >
            {t('windows.tile', { name: named?.name ?? t('live.hotspot') })}
          </Menu.Item>
        )}
        {known.map((screen, at) => (
          <Menu.Item
            key={`${screen.availLeft},${screen.availTop}`}
            leftSection={<IconDeviceDesktop size={15} />}
            onClick={() => told(openWindow(wall, screen))}
            data-testid={`wall-screen-${at + 1}`}
          >
            {t('windows.screen', { name: screen.label || at + 1 })}
          </Menu.Item>
        ))}
        {known.length === 0 && knowsScreens() && (
          <Menu.Item
            leftSection={<IconDeviceDesktopSearch size={15} />}
            closeMenuOnClick={false}
            onClick={learn}
            data-testid="wall-screens"
          >
            {t('windows.screens')}
          </Menu.Item>
        )}
        {windows.length > 0 && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconAppWindow size={15} />}
              onClick={() => restore(windows)}
              data-testid="windows-restore"
            >
              {t('windows.restore', { count: windows.length })}
            </Menu.Item>
            <Menu.Item leftSection={<IconTrash size={15} />} onClick={forget} data-testid="windows-forget">
              {t('windows.forget')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
