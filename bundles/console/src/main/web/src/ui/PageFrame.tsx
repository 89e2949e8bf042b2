// SPDX-License-Identifier: Apache-2.0
import { Alert, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './PageFrame.module.css';
import { type Permission, useMay } from './permissions';
import { problemText } from './problemText';

/** In place of a page for who may not see it: by a link that somebody else has sent. */
export function Guarded({ by, testId, children }: { by: Permission; testId: string; children: ReactNode }) {
  const { t } = useTranslation();
  return useMay(by) ? (
    children
  ) : (
    <Text p="lg" c="dimmed" size="sm" data-testid={`${testId}-forbidden`}>
      {t('page.forbidden')}
    </Text>
  );
}

interface Props {
  title: string;
  /** What the page is for. */
  text?: ReactNode;
  /** Beside the title. */
  actions?: ReactNode;
  /** Why what it shows could not be read. */
  error?: Error | null;
  children: ReactNode;
}

/** A page that scrolls, with its title and what can be done above. */
export function PageFrame({ title, text, actions, error, children }: Props) {
  return (
    <div className={classes.page}>
      <Group justify="space-between" gap="sm" mb={text ? 6 : 'md'}>
        <Title order={1} size="h3">
          {title}
        </Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {text && (
        <Text size="sm" c="dimmed" maw={680} mb="md">
          {text}
        </Text>
      )}
      {error && (
        <Alert color="red" mb="sm" variant="light" role="alert">
          {problemText(error)}
        </Alert>
      )}
      {children}
    </div>
  );
}
