// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Menu } from '@mantine/core';
import { IconSettings2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLiveWish, type WantedWay } from '../../player/live/liveWish';
import { WAYS } from '../../player/live/session';
import { blockedFor } from '../../player/live/ways';
import { usePictures } from '../../ui/usePictures';
import { blockedText, WAY_NAME } from './wayText';

/** How this browser shows live pictures: by which way, how large, whether unseen, and what is written into saved ones. */
export function LiveMenu() {
  const { t } = useTranslation();
  const { way, smallOnly, unseen, setWay, setSmallOnly, setUnseen } = useLiveWish();
  const { captioned, setCaptioned } = usePictures();
  return (
    <Menu position="bottom-end" shadow="md" width={300}>
      <Menu.Target>
        <ActionIcon aria-label={t('live.settings')} title={t('live.settings')} data-testid="live-settings">
          <IconSettings2 size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('live.way')}</Menu.Label>
        <Menu.RadioGroup value={way} onChange={(chosen) => setWay(chosen as WantedWay)}>
          <Menu.RadioItem value="auto" data-testid="way-auto">
            {t('live.wayAuto')}
          </Menu.RadioItem>
          {WAYS.map((one) => (
            <Menu.RadioItem key={one} value={one} data-testid={`way-${one}`}>
              {t(`live.wayName.${one}`, { name: WAY_NAME[one] })}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        {blockedFor([]).map((blocked) => (
          <Menu.Label key={blocked.way} data-testid={`way-blocked-${blocked.way}`}>
            {blockedText(t, blocked)}
          </Menu.Label>
        ))}
        <Menu.Divider />
        <Menu.CheckboxItem checked={smallOnly} onChange={setSmallOnly} data-testid="live-small">
          {t('live.smallOnly')}
        </Menu.CheckboxItem>
        <Menu.CheckboxItem checked={unseen} onChange={setUnseen} data-testid="live-unseen">
          {t('live.unseen')}
        </Menu.CheckboxItem>
        <Menu.CheckboxItem checked={captioned} onChange={setCaptioned} data-testid="live-captioned">
          {t('picture.captioned')}
        </Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  );
}
