// SPDX-License-Identifier: Apache-2.0
import { Center, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Mark } from './Mark';

/**
 * When the console is opened and its server does not answer. It goes on by itself as soon as it does; the banner above
 * says when that is tried, or tries at once.
 */
export function UnreachablePage() {
  const { t } = useTranslation();
  return (
    <Center component="main" mih="100dvh" p="md" data-testid="unreachable">
      <Stack align="center" gap="sm" maw={420} ta="center">
        <Mark size={48} />
        <Title order={1} size="h3">
          {t('connection.unreachable')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('connection.unreachableHint', { host: window.location.host })}
        </Text>
      </Stack>
    </Center>
  );
}
