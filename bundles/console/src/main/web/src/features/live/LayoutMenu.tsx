// SPDX-License-Identifier: Apache-2.0
import { Button, Menu } from '@mantine/core';
import {
  IconDeviceFloppy,
  IconLayoutDashboard,
  IconPlayerPlay,
  IconPlayerStop,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { duration } from '../../ui/time';
import classes from './LivePage.module.css';
import { SaveLayoutDialog } from './SaveLayoutDialog';
import { DWELLS_S, differs, useLayouts } from './useLayouts';
import { useWall } from './useWall';

/** Walls that were kept: opened, kept anew, forgotten, shown one after the other. */
export function LayoutMenu() {
  const { t } = useTranslation();
  const { layouts, current, tourS } = useLayouts();
  const { save, open, forget, startTour, endTour } = useLayouts.getState();
  const wall = useWall();
  const [naming, setNaming] = useState(false);
  const opened = layouts.find(({ name }) => name === current);
  const changed = opened !== undefined && differs(opened, wall);
  return (
    <>
      <Menu position="bottom-start" shadow="md" width={250}>
        <Menu.Target>
          <Button
            variant={tourS ? 'light' : 'subtle'}
            color={tourS ? 'signal' : 'gray'}
            size="compact-sm"
            leftSection={<IconLayoutDashboard size={17} />}
            aria-label={opened ? t('layouts.of', { name: opened.name }) : t('layouts.title')}
            data-testid="layouts"
            data-current={current ?? undefined}
            data-changed={changed}
          >
            <span className={classes.layoutName}>{opened?.name ?? t('layouts.title')}</span>
            {changed && <span title={t('layouts.changed')}>&nbsp;•</span>}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('layouts.hint')}</Menu.Label>
          {layouts.map(({ name }) => (
            <Menu.Item
              key={name}
              fw={name === current ? 650 : undefined}
              onClick={() => open(name)}
              data-testid={`layout-${name}`}
            >
              {name}
            </Menu.Item>
          ))}
          {layouts.length > 0 && <Menu.Divider />}
          {changed && (
            <Menu.Item
              leftSection={<IconDeviceFloppy size={15} />}
              onClick={() => save(opened.name)}
              data-testid="layout-keep"
            >
              {t('layouts.keep', { name: opened.name })}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconDeviceFloppy size={15} />}
            onClick={() => setNaming(true)}
            data-testid="layout-new"
          >
            {t('layouts.new')}
          </Menu.Item>
          {opened && (
            <Menu.Item
              leftSection={<IconTrash size={15} />}
              onClick={() => forget(opened.name)}
              data-testid="layout-forget"
            >
              {t('layouts.forget', { name: opened.name })}
            </Menu.Item>
          )}
          {tourS !== null ? (
            <Menu.Item
              leftSection={<IconPlayerStop size={15} />}
              onClick={endTour}
              data-testid="layout-tour-end"
            >
              {t('layouts.tourEnd')}
            </Menu.Item>
          ) : (
            layouts.length > 1 && (
              <Menu.Sub>
                <Menu.Sub.Target>
                  <Menu.Sub.Item leftSection={<IconPlayerPlay size={15} />} data-testid="layout-tour">
                    {t('layouts.tour')}
                  </Menu.Sub.Item>
                </Menu.Sub.Target>
                <Menu.Sub.Dropdown>
                  {DWELLS_S.map((seconds) => (
                    <Menu.Item
                      key={seconds}
                      onClick={() => startTour(seconds)}
                      data-testid={`layout-tour-${seconds}`}
                    >
                      {t('layouts.dwell', { time: duration(seconds * 1000) })}
                    </Menu.Item>
                  ))}
                </Menu.Sub.Dropdown>
              </Menu.Sub>
            )
          )}
        </Menu.Dropdown>
      </Menu>
      {naming && <SaveLayoutDialog onClose={() => setNaming(false)} />}
    </>
  );
}
