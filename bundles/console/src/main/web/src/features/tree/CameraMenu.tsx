// SPDX-License-Identifier: Apache-2.0
import { Menu } from '@mantine/core';
import { IconAdjustments, IconHistory, IconLayoutGrid, IconPlus, IconSettings } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Camera } from '../../api/types';
import { mayWith } from '../../ui/permissions';
import { useWall } from '../live/useWall';

/** What can be done with a camera, wherever it is named. */
export function CameraMenu({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const canManage = mayWith(camera, 'manage_cameras');
  const size = useWall((state) => state.size);
  const cells = useWall((state) => state.cells);
  const { add, put } = useWall.getState();
  const cellsShown = Array.from({ length: size }, (_, cell) => cell);
  return (
    <Menu.Dropdown onClick={(event) => event.stopPropagation()}>
      <Menu.Label>{camera.name}</Menu.Label>
      <Menu.Item
        leftSection={<IconPlus size={15} />}
        onClick={() => {
          add(camera.id);
          navigate('/live');
        }}
      >
        {t('tree.addToWall')}
      </Menu.Item>
      <Menu.Sub>
        <Menu.Sub.Target>
          <Menu.Sub.Item leftSection={<IconLayoutGrid size={15} />}>{t('tree.putInCell')}</Menu.Sub.Item>
        </Menu.Sub.Target>
        <Menu.Sub.Dropdown mah={320} style={{ overflow: 'auto' }}>
          {cellsShown.map((cell) => (
            <Menu.Item
              key={cell}
              onClick={() => {
                put(cell, camera.id);
                navigate('/live');
              }}
            >
              {t(cells[cell] ? 'tree.cellTaken' : 'tree.cell', { cell: cell + 1 })}
            </Menu.Item>
          ))}
        </Menu.Sub.Dropdown>
      </Menu.Sub>
      {mayWith(camera, 'view_archive') && (
        <Menu.Item leftSection={<IconHistory size={15} />} onClick={() => navigate(`/playback/${camera.id}`)}>
          {t('tree.playback')}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<IconAdjustments size={15} />}
        onClick={() => navigate(`/control/${camera.id}`)}
        data-testid="tree-control"
      >
        {t('control.open')}
      </Menu.Item>
      {canManage && (
        <>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconSettings size={15} />}
            onClick={() => navigate(`/cameras?edit=${camera.id}`)}
          >
            {t('tree.edit')}
          </Menu.Item>
        </>
      )}
    </Menu.Dropdown>
  );
}
