// SPDX-License-Identifier: Apache-2.0
import { Alert, Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { getJsonOrNull, sendJson } from '../../api/client';
import type { CameraReport } from '../../api/types';
import { problemText } from '../../ui/problemText';
import { dateTime } from '../../ui/time';

const COLOURS: Record<string, string> = { works: 'green', limited: 'yellow', fails: 'red' };

/** What worked on a camera when it was tried last, and trying it again. */
export function WhatWorks({ cameraId }: { cameraId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = `/api/v1/cameras/${cameraId}/report`;
  const key = ['camera-report', cameraId];
  const kept = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => getJsonOrNull<CameraReport>(path, signal),
  });
  const check = useMutation({
    mutationFn: () => sendJson<CameraReport>('POST', path, {}),
    onSuccess: (report) => client.setQueryData(key, report),
  });
  const report = kept.data;
  const error = check.error ?? kept.error;

  return (
    <Stack gap={4} data-testid="what-works">
      <Group gap="sm" justify="space-between">
        <Text size="sm" fw={500}>
          {t('report.title')}
        </Text>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {report ? t('report.taken', { when: dateTime(Date.parse(report.taken)) }) : t('report.never')}
          </Text>
          <Button
            size="compact-xs"
            variant="light"
            loading={check.isPending}
            onClick={() => check.mutate()}
            data-testid="what-works-check"
          >
            {t('report.again')}
          </Button>
        </Group>
      </Group>
      {error && (
        <Alert color="red" variant="light" p="xs">
          {problemText(error)}
        </Alert>
      )}
      {report && (
        <Table.ScrollContainer minWidth={320} mah={260}>
          <Table fz="xs" verticalSpacing={3} horizontalSpacing="xs">
            <Table.Tbody>
              {report.checks
                .filter(({ state }) => state !== 'absent')
                .map(({ name, state, seen, advice }) => (
                  <Table.Tr key={name} data-testid={`check-${name}`}>
                    <Table.Td>{t(`report.check.${name}`, { defaultValue: name })}</Table.Td>
                    <Table.Td>
                      <Badge size="sm" variant="light" color={COLOURS[state] ?? 'gray'}>
                        {t(`report.state.${state}`, { defaultValue: state })}
                      </Badge>
                    </Table.Td>
                    <Table.Td>{[seen, advice].filter(Boolean).join(' ')}</Table.Td>
                  </Table.Tr>
                ))}
            </Table.Tbody>
          </Table>
          <Text size="xs" c="dimmed">
            {report.checks.some(({ state }) => state === 'absent') &&
              t('report.absent', {
                names: report.checks
                  .filter(({ state }) => state === 'absent')
                  .map(({ name }) => t(`report.check.${name}`, { defaultValue: name }))
                  .join(', '),
              })}
          </Text>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}
