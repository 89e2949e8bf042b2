// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, AppShell, Group, Tooltip } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet } from 'react-router';
import { EventBell } from '../events/EventBell';
import { CameraTree } from '../tree/CameraTree';
import { Mark } from './Mark';
import classes from './Shell.module.css';
import { TopNav } from './TopNav';
import { UserMenu } from './UserMenu';
import { useShell } from './useShell';

/** Frame of every page: navigation above, resources at the side. */
export function Shell() {
  const { t } = useTranslation();
  const { treeShown, chrome, toggleTree, setChrome } = useShell();
  useEffect(() => {
    const left = () => setChrome(document.fullscreenElement === null);
    document.addEventListener('fullscreenchange', left);
    return () => document.removeEventListener('fullscreenchange', left);
  }, [setChrome]);
  return (
    <AppShell
      header={{ height: 48, collapsed: !chrome }}
      navbar={{
        width: 268,
        breakpoint: 'sm',
        collapsed: { mobile: !treeShown, desktop: !treeShown || !chrome },
      }}
      padding={0}
      transitionDuration={120}
    >
      <a href="#content" className={classes.skip}>
        {t('shell.skip')}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="sm" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="xs" wrap="nowrap">
            <Tooltip label={t(treeShown ? 'shell.hideTree' : 'shell.showTree')}>
              <ActionIcon
                onClick={toggleTree}
                aria-label={t(treeShown ? 'shell.hideTree' : 'shell.showTree')}
                aria-expanded={treeShown}
              >
                {treeShown ? (
                  <IconLayoutSidebarLeftCollapse size={19} />
                ) : (
                  <IconLayoutSidebarLeftExpand size={19} />
                )}
              </ActionIcon>
            </Tooltip>
            <Mark size={24} />
            <span className={classes.name}>NXvms</span>
          </Group>
          <TopNav />
          <Group gap="xs" wrap="nowrap">
            <EventBell />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.side} aria-label={t('tree.title')}>
        <CameraTree />
      </AppShell.Navbar>
      <AppShell.Main id="content" className={classes.main} tabIndex={-1}>
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}
