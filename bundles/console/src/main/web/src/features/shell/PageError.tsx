// SPDX-License-Identifier: Apache-2.0
import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router';
import { problemText } from '../../ui/problemText';

/** In place of a page that does not exist or has failed; the rest of the console goes on. */
export function PageError({ notFound = false }: { notFound?: boolean }) {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Center h="100%" p="xl">
      <Stack align="center" gap="xs">
        <Title order={3}>{t(notFound ? 'page.notFound' : 'page.failed')}</Title>
        {!notFound && error !== undefined && (
          <Text c="dimmed" size="sm">
            {problemText(error)}
          </Text>
        )}
        <Button component={Link} to="/live" reloadDocument={!notFound} variant="light">
          {t('page.toLive')}
        </Button>
      </Stack>
    </Center>
  );
}
