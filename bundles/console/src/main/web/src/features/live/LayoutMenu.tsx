// SPDX-License-Identifier: Apache-2.0
import { Button, Menu } from '@mantine/core';
import {
  IconDeviceFloppy,
  IconLayoutDashboard,
  IconPlayerPlay,
  IconPlayerStop,
  IconRoute,
  IconSettings,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type Layout,
  type TourLayout,
  useRemoveLayout,
  useSaveLayout,
  type WallLayout,
} from '../../api/layouts';
import { useCameras } from '../../api/queries';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { problemText } from '../../ui/problemText';
import { duration } from '../../ui/time';
import { toast } from '../../ui/toast';
import { LayoutDialog } from './LayoutDialog';
import { LayoutMarks } from './LayoutMarks';
import classes from './LivePage.module.css';
import { TourDialog } from './TourDialog';
import { useKeptLayouts } from './useKeptLayouts';
import { DWELLS_S, differs, useLayouts, wallOf } from './useLayouts';
import { useWall } from './useWall';

/** What stands over the page. */
type Asked =
  | { kind: 'new' }
  | { kind: 'settings'; layout: WallLayout }
  | { kind: 'tour'; layout?: TourLayout }
  | { kind: 'remove'; layout: Layout };

/** Walls that were kept: opened, kept anew, shared, removed, shown one after the other. */
export function LayoutMenu() {
  const { t } = useTranslation();
  const { walls, tours, error } = useKeptLayouts();
  const cameras = useCameras().data;
  const { current, tour } = useLayouts();
  const { open, startTour, endTour } = useLayouts.getState();
  const wall = useWall();
  const save = useSaveLayout();
  const remove = useRemoveLayout();
  const [asked, setAsked] = useState<Asked>();
  const opened = walls.find(({ id }) => id === current);
  const changed = opened !== undefined && differs(opened.wall, wall, cameras);
  const running = tour !== null ? tours.find(({ id }) => id === tour.id) : undefined;
  const close = () => setAsked(undefined);

  return (
    <>
      <Menu position="bottom-start" shadow="md" width={270}>
        <Menu.Target>
          <Button
            variant={tour ? 'light' : 'subtle'}
            color={tour ? 'signal' : 'gray'}
            size="compact-sm"
            leftSection={<IconLayoutDashboard size={17} />}
            aria-label={opened ? t('layouts.of', { name: opened.name }) : t('layouts.title')}
            data-testid="layouts"
            data-current={opened?.name}
            data-changed={changed}
          >
            <span className={classes.layoutName}>{opened?.name ?? t('layouts.title')}</span>
            {changed && <span title={t('layouts.changed')}>&nbsp;•</span>}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{error ? problemText(error) : t('layouts.hint')}</Menu.Label>
          {/* What opens beside an item would be cut off where all of the menu scrolls. */}
          <div className={classes.layoutList}>
            {walls.map((layout) => (
              <Menu.Item
                key={layout.id}
                fw={layout === opened ? 650 : undefined}
                rightSection={<LayoutMarks layout={layout} />}
                onClick={() => open(layout)}
                data-testid={`layout-${layout.name}`}
              >
                {layout.name}
              </Menu.Item>
            ))}
          </div>
          {walls.length > 0 && <Menu.Divider />}
          {changed && opened.editable && !opened.locked && (
            <Menu.Item
              leftSection={<IconDeviceFloppy size={15} />}
              onClick={() =>
                save.mutate(
                  { existing: opened, draft: { wall: wallOf(wall, cameras) } },
                  { onError: (cause) => toast(problemText(cause), 'error') },
                )
              }
              data-testid="layout-keep"
            >
              {t('layouts.keep', { name: opened.name })}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconDeviceFloppy size={15} />}
            onClick={() => setAsked({ kind: 'new' })}
            data-testid="layout-new"
          >
            {t('layouts.new')}
          </Menu.Item>
          {opened?.editable && (
            <Menu.Item
              leftSection={<IconSettings size={15} />}
              onClick={() => setAsked({ kind: 'settings', layout: opened })}
              data-testid="layout-settings"
            >
              {t('layouts.settings', { name: opened.name })}
            </Menu.Item>
          )}
          {opened?.editable && !opened.locked && (
            <Menu.Item
              leftSection={<IconTrash size={15} />}
              onClick={() => setAsked({ kind: 'remove', layout: opened })}
              data-testid="layout-forget"
            >
              {t('layouts.forget', { name: opened.name })}
            </Menu.Item>
          )}
          {(tours.length > 0 || walls.length > 1) && <Menu.Label>{t('layouts.tours')}</Menu.Label>}
          {tour !== null && (
            <Menu.Item
              leftSection={<IconPlayerStop size={15} />}
              onClick={endTour}
              data-testid="layout-tour-end"
            >
              {t('layouts.tourEnd')}
            </Menu.Item>
          )}
          {tours.map((one) => (
            <Menu.Sub key={one.id}>
              <Menu.Sub.Target>
                <Menu.Sub.Item
                  leftSection={<IconRoute size={15} />}
                  fw={one === running ? 650 : undefined}
                  data-testid={`tour-${one.name}`}
                >
                  {one.name} <LayoutMarks layout={one} />
                </Menu.Sub.Item>
              </Menu.Sub.Target>
              <Menu.Sub.Dropdown>
                <Menu.Item
                  leftSection={<IconPlayerPlay size={15} />}
                  onClick={() => startTour(one.tour.steps, walls, one.id)}
                  data-testid="tour-start"
                >
                  {t('layouts.tourStart')}
                </Menu.Item>
                {one.editable && (
                  <Menu.Item
                    leftSection={<IconSettings size={15} />}
                    onClick={() => setAsked({ kind: 'tour', layout: one })}
                    data-testid="tour-settings"
                  >
                    {t('layouts.settings', { name: one.name })}
                  </Menu.Item>
                )}
                {one.editable && !one.locked && (
                  <Menu.Item
                    leftSection={<IconTrash size={15} />}
                    onClick={() => setAsked({ kind: 'remove', layout: one })}
                    data-testid="tour-forget"
                  >
                    {t('layouts.forget', { name: one.name })}
                  </Menu.Item>
                )}
              </Menu.Sub.Dropdown>
            </Menu.Sub>
          ))}
          {walls.length > 1 && (
            <>
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
                      onClick={() =>
                        startTour(
                          walls.map(({ id }) => ({ layoutId: id, seconds })),
                          walls,
                        )
                      }
                      data-testid={`layout-tour-${seconds}`}
                    >
                      {t('layouts.dwell', { time: duration(seconds * 1000) })}
                    </Menu.Item>
                  ))}
                </Menu.Sub.Dropdown>
              </Menu.Sub>
              <Menu.Item
                leftSection={<IconRoute size={15} />}
                onClick={() => setAsked({ kind: 'tour' })}
                data-testid="tour-new"
              >
                {t('layouts.tourNew')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {asked?.kind === 'new' && <LayoutDialog onClose={close} />}
      {asked?.kind === 'settings' && <LayoutDialog existing={asked.layout} onClose={close} />}
      {asked?.kind === 'tour' && <TourDialog existing={asked.layout} onClose={close} />}
      {asked?.kind === 'remove' && (
        <ConfirmDialog
          title={t('layouts.forgetTitle', { name: asked.layout.name })}
          text={asked.layout.roles.length > 0 ? t('layouts.forgetShared') : t('layouts.forgetOwn')}
          action={t('layouts.delete')}
          danger
          task={remove}
          value={asked.layout}
          done={t('layouts.forgotten', { name: asked.layout.name })}
          testId="layout-remove"
          onClose={close}
        />
      )}
    </>
  );
}
