// SPDX-License-Identifier: Apache-2.0
import {
  Alert,
  Badge,
  Button,
  Group,
  PasswordInput,
  Progress,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SetupItem } from '../../api/types';
import { problemText } from '../../ui/problemText';
import { type SetupOrder, useSetups } from './useSetups';

const COLOURS: Record<string, string> = { added: 'green', known: 'gray', failed: 'red', running: 'blue' };

/** Adds several devices with one login, and says what becomes of each. */
export function ManyCameras({ devices }: { devices: SetupOrder['cameras'] }) {
  const { t } = useTranslation();
  const { batch, error, runs, begin } = useSetups();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const items = batch?.items ?? [];
  const over = items.filter(({ state }) => state !== 'waiting' && state !== 'running').length;
  if (devices.length === 0 && items.length === 0) {
    return null;
  }
  const add = () =>
    begin({
      cameras: devices.map(({ address, driver, name }) => ({
        address,
        ...(driver ? { driver } : {}),
        ...(name ? { name: name.slice(0, 100) } : {}),
      })),
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
    });

  return (
    <Stack gap="xs" data-testid="many">
      {devices.length > 0 && (
        <Group gap="sm" align="end" wrap="nowrap">
          <TextInput
            flex={1}
            label={t('find.username')}
            autoComplete="off"
            spellCheck={false}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
            data-testid="many-username"
          />
          <PasswordInput
            flex={1}
            label={t('find.password')}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            data-testid="many-password"
          />
          <Button loading={runs} onClick={add} data-testid="many-add">
            {t('find.add', { count: devices.length })}
          </Button>
        </Group>
      )}
      {error !== undefined && (
        <Alert color="red" variant="light" p="xs">
          {problemText(error)}
        </Alert>
      )}
      {items.length > 0 && (
        <>
          <Progress value={(over * 100) / items.length} size="sm" aria-label={t('find.progress')} />
          <Text size="xs" c="dimmed" role="status">
            {t('find.done', { over, count: items.length })}
          </Text>
          <Table.ScrollContainer minWidth={320} mah={240}>
            <Table fz="xs" verticalSpacing={3} horizontalSpacing="xs">
              <Table.Tbody>
                {items.map((item, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: their order is that of the request, and stays
                  <Outcome key={index} item={item} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </>
      )}
    </Stack>
  );
}

function Outcome({ item }: { item: SetupItem }) {
  const { t } = useTranslation();
  const wrong = (item.report?.checks ?? []).filter(({ state }) => state === 'fails' || state === 'limited');
  return (
    <Table.Tr data-testid="many-item">
      <Table.Td>{item.address}</Table.Td>
      <Table.Td>
        <Badge size="sm" variant="light" color={COLOURS[item.state] ?? 'gray'}>
          {t(`find.state.${item.state}`, { defaultValue: item.state })}
        </Badge>
      </Table.Td>
      <Table.Td>
        {item.detail ??
          wrong
            .map(({ name, seen }) => `${t(`report.check.${name}`, { defaultValue: name })}: ${seen}`)
            .join(' ')}
      </Table.Td>
    </Table.Tr>
  );
}
