// SPDX-License-Identifier: Apache-2.0
import { Button, Menu } from '@mantine/core';
import {
  IconBookmark,
  IconChartBar,
  IconChevronDown,
  IconCloudDownload,
  IconList,
  IconLock,
  IconPackageExport,
  IconRun,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/types';
import { mayWith } from '../../ui/permissions';
import { mayFill } from './FillDialog';

export type FootageTask =
  | 'bookmark'
  | 'motion'
  | 'recordings'
  | 'export'
  | 'lock'
  | 'coverage'
  | 'fill'
  | 'delete';

interface Props {
  camera: Camera;
  /** Whether motion can be searched here. */
  motion?: boolean;
  onChoose: (task: FootageTask) => void;
}

/** What can be done with footage beside watching it. */
export function FootageMenu({ camera, motion, onChoose }: Props) {
  const { t } = useTranslation();
  const mayLock = mayWith(camera, 'lock_evidence');
  const mayExport = mayWith(camera, 'export');
  const mayDelete = mayWith(camera, 'delete_footage');
  return (
    <Menu position="top-end" withinPortal>
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          rightSection={<IconChevronDown size={14} />}
          data-testid="footage-menu"
        >
          {t('footage.menu')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconBookmark size={16} />}
          onClick={() => onChoose('bookmark')}
          data-testid="footage-bookmark"
        >
          {t('footage.bookmark')}
        </Menu.Item>
        {motion && (
          <Menu.Item
            leftSection={<IconRun size={16} />}
            onClick={() => onChoose('motion')}
            data-testid="footage-motion"
          >
            {t('footage.motion')}
          </Menu.Item>
        )}
        {mayExport && (
          <Menu.Item
            leftSection={<IconPackageExport size={16} />}
            onClick={() => onChoose('export')}
            data-testid="footage-export"
          >
            {t('footage.export')}
          </Menu.Item>
        )}
        {mayLock && (
          <Menu.Item
            leftSection={<IconLock size={16} />}
            onClick={() => onChoose('lock')}
            data-testid="footage-lock"
          >
            {t('footage.lock')}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconList size={16} />}
          onClick={() => onChoose('recordings')}
          data-testid="footage-recordings"
        >
          {t('footage.recordings')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconChartBar size={16} />}
          onClick={() => onChoose('coverage')}
          data-testid="footage-coverage"
        >
          {t('footage.coverage')}
        </Menu.Item>
        {mayFill(camera) && (
          <Menu.Item
            leftSection={<IconCloudDownload size={16} />}
            onClick={() => onChoose('fill')}
            data-testid="footage-fill"
          >
            {t('footage.fill')}
          </Menu.Item>
        )}
        {mayDelete && (
          <Menu.Item
            leftSection={<IconTrash size={16} />}
            onClick={() => onChoose('delete')}
            data-testid="footage-delete"
          >
            {t('footage.delete')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
