// SPDX-License-Identifier: Apache-2.0
import {
  IconActivityHeartbeat,
  IconCamera,
  IconDatabase,
  IconHistory,
  IconLayoutGrid,
  IconListDetails,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import classes from './Shell.module.css';

const PAGES = [
  { to: '/live', key: 'nav.live', icon: IconLayoutGrid },
  { to: '/playback', key: 'nav.playback', icon: IconHistory },
  { to: '/events', key: 'nav.events', icon: IconListDetails },
  { to: '/cameras', key: 'nav.cameras', icon: IconCamera },
  { to: '/volumes', key: 'nav.volumes', icon: IconDatabase },
  { to: '/health', key: 'nav.health', icon: IconActivityHeartbeat },
];

export function TopNav() {
  const { t } = useTranslation();
  return (
    <nav className={classes.nav} aria-label={t('nav.title')}>
      {PAGES.map(({ to, key, icon: Icon }) => (
        <NavLink key={to} to={to} aria-label={t(key)} data-testid={`nav-${to.slice(1)}`}>
          <Icon size={17} stroke={1.7} aria-hidden="true" />
          <span>{t(key)}</span>
        </NavLink>
      ))}
    </nav>
  );
}
