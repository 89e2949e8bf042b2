// SPDX-License-Identifier: Apache-2.0
import { IconLock, IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Layout } from '../../api/layouts';
import classes from './LivePage.module.css';

/** Whether a layout is shared and with whom, whose it is, and whether it is locked. */
export function LayoutMarks({ layout }: { layout: Layout }) {
  const { t } = useTranslation();
  const { roles, own, owner, locked } = layout;
  const shared = t(own ? 'layouts.sharedMark' : 'layouts.sharedBy', { roles: roles.join(', '), owner });
  return (
    <span className={classes.layoutMarks}>
      {roles.length > 0 && (
        <span role="img" aria-label={shared} title={shared} data-testid="layout-shared">
          <IconUsers size={14} />
        </span>
      )}
      {locked && (
        <span
          role="img"
          aria-label={t('layouts.locked')}
          title={t('layouts.locked')}
          data-testid="layout-lock"
        >
          <IconLock size={14} />
        </span>
      )}
    </span>
  );
}
