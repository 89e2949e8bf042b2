// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { MAIN_PAGES } from './pages';
import classes from './Shell.module.css';

export function TopNav() {
  const { t } = useTranslation();
  return (
    <nav className={classes.nav} aria-label={t('nav.title')}>
      {MAIN_PAGES.map(({ to, key, icon: Icon }) => (
        <NavLink key={to} to={to} aria-label={t(key)} data-testid={`nav-${to.slice(1)}`}>
          <Icon size={17} stroke={1.7} aria-hidden="true" />
          <span>{t(key)}</span>
        </NavLink>
      ))}
    </nav>
  );
}
