// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Loader, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { retryNow, useConnection } from '../../api/connection';
import classes from './ConnectionBanner.module.css';

/** Says that the server is away and when it is tried again. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const lost = useConnection((state) => state.lost);
  const silent = useConnection((state) => state.silent);
  const retryAtMs = useConnection((state) => state.retryAtMs);
  const [, redraw] = useState(0);
  useEffect(() => {
    if (lost) {
      const timer = setInterval(() => redraw((count) => count + 1), 500);
      return () => clearInterval(timer);
    }
  }, [lost]);
  if (!lost && !silent) {
    return null;
  }
  const seconds = Math.max(0, Math.ceil((retryAtMs - Date.now()) / 1000));
  return (
    <div className={classes.banner} role="alert" data-testid="connection-banner">
      <Group gap="sm" justify="center" wrap="nowrap">
        <Loader size={14} color="dark.9" />
        <Text size="sm" fw={600}>
          {t('connection.lost')}
        </Text>
        <Text size="sm">{retryAtMs > 0 ? t('connection.retryIn', { seconds }) : t('connection.trying')}</Text>
        <Button size="compact-xs" variant="white" color="dark" flex="none" onClick={retryNow}>
          {t('connection.now')}
        </Button>
      </Group>
    </div>
  );
}
