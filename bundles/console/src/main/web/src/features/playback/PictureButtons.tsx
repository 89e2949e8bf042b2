// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconCameraDown, IconChevronUp, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { mayCopy, type TakePicture, usePictures } from '../../ui/usePictures';

/** Saves the picture; beside it what else can be done with one. */
export function PictureButtons({ onPicture }: { onPicture: (how: TakePicture) => void }) {
  const { t } = useTranslation();
  const { captioned, setCaptioned } = usePictures();
  return (
    <ActionIcon.Group>
      <Tooltip label={t('live.snapshot')}>
        <ActionIcon
          size="lg"
          aria-label={t('live.snapshot')}
          onClick={() => onPicture('save')}
          data-testid="playback-snapshot"
        >
          <IconCameraDown size={19} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Menu position="top-end" shadow="md" width={270}>
        <Menu.Target>
          <ActionIcon
            h={34}
            w={24}
            miw={24}
            aria-label={t('picture.more')}
            title={t('picture.more')}
            data-testid="picture-more"
          >
            <IconChevronUp size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconCopy size={16} />}
            disabled={!mayCopy()}
            onClick={() => onPicture('copy')}
            data-testid="picture-copy"
          >
            {t('picture.copy')}
          </Menu.Item>
          {!mayCopy() && <Menu.Label>{t('picture.noClipboard')}</Menu.Label>}
          <Menu.CheckboxItem checked={captioned} onChange={setCaptioned} data-testid="picture-captioned">
            {t('picture.captioned')}
          </Menu.CheckboxItem>
        </Menu.Dropdown>
      </Menu>
    </ActionIcon.Group>
  );
}
