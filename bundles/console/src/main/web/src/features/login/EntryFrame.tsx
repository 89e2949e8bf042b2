// SPDX-License-Identifier: Apache-2.0
import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useServerName } from '../../ui/serverName';
import { LanguageSwitch } from '../shell/LanguageSwitch';
import { Mark } from '../shell/Mark';
import classes from './EntryFrame.module.css';

/** The page before the application: mark, title, one form. */
export function EntryFrame({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const name = useServerName((server) => server.name);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.mark}>
          <Mark size={40} />
          <span>
            NXvms
            {name !== undefined && (
              <span className={classes.server} data-testid="entry-server">
                {name}
              </span>
            )}
          </span>
        </div>
        <Title order={1} size="h3" mb={hint ? 4 : 'md'}>
          {title}
        </Title>
        {hint && (
          <Text c="dimmed" size="sm" mb="md">
            {hint}
          </Text>
        )}
        {children}
      </div>
      <div className={classes.foot}>
        <LanguageSwitch />
      </div>
    </main>
  );
}
