// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, AppShell, Group, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconSearch } from '@tabler/icons-react';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { useMay } from '../../ui/permissions';
import { useAlerts } from '../alerts/useAlerts';
import { EventBell } from '../events/EventBell';
import { navigatesBy } from '../extensions/places';
import { useExtensionWatch } from '../extensions/watch';
import { KIOSK } from '../live/kiosk';
import { PaletteHost } from '../palette/PaletteHost';
import { usePalette } from '../palette/usePalette';
import { ServerMenu } from '../servers/ServerMenu';
import { CameraTree } from '../tree/CameraTree';
import { Mark } from './Mark';
import { PageNav } from './PageNav';
import classes from './Shell.module.css';
import { UserMenu } from './UserMenu';
import { useShell } from './useShell';

/** Where Mantine's `sm` begins, below which the tree covers the page. */
const NARROW = '(max-width: 48em)';

const FOOTER_PX = 54;

/** Frame of every page: navigation above, on a phone below; resources at the side. */
export function Shell() {
  const { t } = useTranslation();
  const hearsEvents = useMay('view_events');
  useAlerts(hearsEvents);
  const { treeShown, treeOver, chrome, toggleTree, setTreeOver, setChrome } = useShell();
  const narrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const shown = narrow ? treeOver : treeShown;
  const treeLabel = t(shown ? 'shell.hideTree' : 'shell.showTree');
  const { pathname } = useLocation();
  const navigate = useNavigate();
  useExtensionWatch();
  useEffect(() => navigatesBy((path) => void navigate(path)), [navigate]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is what was wanted to be seen
  useEffect(() => setTreeOver(false), [pathname, setTreeOver]);
  useEffect(() => {
    const left = () => setChrome(document.fullscreenElement === null && !KIOSK);
    document.addEventListener('fullscreenchange', left);
    return () => document.removeEventListener('fullscreenchange', left);
  }, [setChrome]);
  return (
    <AppShell
      header={{ height: 48, collapsed: !chrome }}
      footer={{ height: FOOTER_PX, collapsed: !chrome || !narrow }}
      navbar={{
        width: 268,
        breakpoint: 'sm',
        collapsed: { mobile: !treeOver || !chrome, desktop: !treeShown || !chrome },
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
            <Tooltip label={treeLabel}>
              <ActionIcon
                onClick={() => (narrow ? setTreeOver(!treeOver) : toggleTree())}
                aria-label={treeLabel}
                aria-expanded={shown}
                data-testid="tree-toggle"
              >
                {shown ? (
                  <IconLayoutSidebarLeftCollapse size={19} />
                ) : (
                  <IconLayoutSidebarLeftExpand size={19} />
                )}
              </ActionIcon>
            </Tooltip>
            <span className={classes.mark}>
              <Mark size={24} />
            </span>
            <ServerMenu className={classes.name ?? ''} />
          </Group>
          {!narrow && <PageNav />}
          <Group gap="xs" wrap="nowrap">
            <Tooltip label={t('palette.open')}>
              <ActionIcon
                className={classes.palette}
                onClick={() => usePalette.getState().show('palette')}
                aria-label={t('palette.open')}
                data-testid="palette-open"
              >
                <IconSearch size={19} stroke={1.7} aria-hidden="true" />
              </ActionIcon>
            </Tooltip>
            {hearsEvents && <EventBell />}
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
      {narrow && (
        <AppShell.Footer className={classes.header}>
          <PageNav below />
        </AppShell.Footer>
      )}
      <PaletteHost />
    </AppShell>
  );
}
