// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useSession } from '../../api/session';
import { ExtensionIcon } from '../extensions/ExtensionIcon';
import { pageOf } from '../extensions/pages';
import { useTitles } from '../extensions/useExtensions';
import { useNavPages } from '../extensions/useNavPages';
import { MAIN_PAGES } from './pages';
import classes from './Shell.module.css';

interface Props {
  /** On a phone: at the thumb, with the words below the signs. */
  below?: boolean;
}

/** The ways to the pages. */
export function PageNav({ below = false }: Props) {
  const { t } = useTranslation();
  const { inHeader } = useNavPages();
  const size = below ? 21 : 17;
  const title = useTitles();
  const permissions = useSession((state) => state.user?.permissions) ?? [];
  const pages = MAIN_PAGES.filter(({ by }) => by === undefined || permissions.includes(by));
  return (
    <nav className={below ? classes.below : classes.nav} aria-label={t('nav.title')}>
      {pages.map(({ to, key, icon: Icon }) => (
        <NavLink key={to} to={to} aria-label={t(key)} data-testid={`nav-${to.slice(1)}`}>
          <Icon size={size} stroke={1.7} aria-hidden="true" />
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
