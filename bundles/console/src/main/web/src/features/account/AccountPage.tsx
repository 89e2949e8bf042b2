// SPDX-License-Identifier: Apache-2.0
import { Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AlertSettings } from '../alerts/AlertSettings';
import classes from './AccountPage.module.css';
import { ClockSettings } from './ClockSettings';
import { SecondFactor } from './SecondFactor';
import { SessionList } from './SessionList';

/** What belongs to the user who is signed in. */
export function AccountPage() {
  const { t } = useTranslation();
  return (
    <div className={classes.page}>
      <Title order={1} size="h3" mb="lg">
        {t('account.title')}
      </Title>
      <Stack gap="xl" maw={760}>
        <SecondFactor />
        <ClockSettings />
        <AlertSettings />
        <SessionList />
      </Stack>
    </div>
  );
}
