// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { ExtensionIcon } from '../extensions/ExtensionIcon';
import { pageOf } from '../extensions/pages';
import { useTitles } from '../extensions/useExtensions';
import { useNavPages } from '../extensions/useNavPages';
import { MAIN_PAGES } from './pages';
import classes from './Shell.module.css';

export function TopNav() {
  const { t } = useTranslation();
  const { inHeader } = useNavPages();
  const title = useTitles();
  return (
    <nav className={classes.nav} aria-label={t('nav.title')}>
      {MAIN_PAGES.map(({ to, key, icon: Icon }) => (
        <NavLink key={to} to={to} aria-label={t(key)} data-testid={`nav-${to.slice(1)}`}>
          <Icon size={17} stroke={1.7} aria-hidden="true" />
          <span>{t(key)}</span>
        </NavLink>
      ))}
      {inHeader.map((page) => (
        <NavLink
          key={page.key}
          to={pageOf(page)}
          aria-label={title(page)}
          data-testid={`nav-extension-${page.extension.id}-${page.name}`}
        >
          <ExtensionIcon contribution={page} />
          <span>{title(page)}</span>
        </NavLink>
      ))}
    </nav>
  );
}
