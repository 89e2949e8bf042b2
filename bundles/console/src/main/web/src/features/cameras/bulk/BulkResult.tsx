// SPDX-License-Identifier: Apache-2.0
import { Alert, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isDone, type Outcome } from './bulk';

/** What became of each camera: how many are so now, and of each other one why not. */
export function BulkResult({ outcomes }: { outcomes: Outcome[] }) {
  const { t } = useTranslation();
  const count = (state: Outcome['state']) => outcomes.filter((one) => one.state === state).length;
  const same = count('same');
  const left = count('left');
  const said = outcomes.filter((one) => !isDone(one) && one.state !== 'left');
  return (
    <Stack gap="sm" data-testid="bulk-result">
      <Alert color={said.length + left === 0 ? 'teal' : 'yellow'} variant="light" role="status">
        {t('bulk.changed', { count: count('changed') })}
        {same > 0 && ` ${t('bulk.same', { count: same })}`}
        {left > 0 && ` ${t('bulk.left', { count: left })}`}
      </Alert>
      {said.length > 0 && (
        <List size="sm" spacing="xs" listStyleType="none">
          {said.map(({ camera, state, problems }) => (
            <List.Item key={camera.id} data-testid={`bulk-failed-${camera.id}`}>
              <Text size="sm" fw={600}>
                {camera.name}
              </Text>
              {problems.map(({ field, text }) => (
                <Text key={`${field} ${text}`} size="sm" c="var(--mantine-color-error)">
                  {field ? `${fieldName(t, field)}: ${text}` : text}
                </Text>
              ))}
              {state === 'unsure' && (
                <Text size="sm" c="dimmed">
                  {t('bulk.unsure')}
                </Text>
              )}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}

/** Those of the schedule are named where it is drawn. */
function fieldName(t: (key: string) => string, field: string): string {
  switch (field) {
    case 'week':
      return t('recordingMode.scheduled');
    case 'timeZone':
      return t('schedule.timeZone');
    default:
      return t(`cameras.field.${field}`);
  }
}
