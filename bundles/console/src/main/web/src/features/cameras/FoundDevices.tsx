// SPDX-License-Identifier: Apache-2.0
import { Alert, Badge, Button, Group, Loader, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCameras } from '../../api/queries';
import type { FoundDevice } from '../../api/types';
import { problemText } from '../../ui/problemText';
import { useSearch } from './useSearch';

/** Looks for devices in the server's networks; one that is chosen fills the form. */
export function FoundDevices({ onChoose }: { onChoose: (device: FoundDevice) => void }) {
  const { t } = useTranslation();
  const cameras = useCameras().data;
  const { scan, error, runs, begin } = useSearch();
  const [addresses, setAddresses] = useState('');
  const devices = scan?.devices ?? [];
  const search = () => begin(addresses.split(/[\s,;]+/).filter(Boolean));

  return (
    <Stack gap="xs" data-testid="find">
      <Group gap="sm" align="end" wrap="nowrap">
        <TextInput
          flex={1}
          label={t('find.where')}
          placeholder={t('find.everybody')}
          spellCheck={false}
          value={addresses}
          onChange={(event) => setAddresses(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              // The form around it is not what is meant.
              event.preventDefault();
              if (!runs) {
                search();
              }
            }
          }}
          data-testid="find-addresses"
        />
        <Button
          variant="default"
          leftSection={runs ? <Loader size={14} /> : <IconSearch size={16} />}
          disabled={runs}
          onClick={search}
          data-testid="find-begin"
        >
          {t('find.begin')}
        </Button>
      </Group>
      <div role="status">
        {scan && (
          <Text size="xs" c="dimmed">
            {t(runs ? 'find.soFar' : 'find.found', { count: devices.length })}
          </Text>
        )}
      </div>
      {error !== undefined && (
        <Alert color="red" variant="light" p="xs">
          {problemText(error)}
        </Alert>
      )}
      {Object.entries(scan?.failures ?? {}).map(([driver, why]) => (
        <Text key={driver} size="xs" c="dimmed">
          {driver}: {why}
        </Text>
      ))}
      {devices.length > 0 && (
        <Table.ScrollContainer minWidth={320} mah={240}>
          <Table fz="xs" verticalSpacing={3} horizontalSpacing="xs">
            <Table.Tbody>
              {devices.map((device) => (
                <Table.Tr key={`${device.driver} ${device.address}`} data-testid="find-device">
                  <Table.Td>
                    {device.name || [device.identity.manufacturer, device.identity.model].join(' ')}
                  </Table.Td>
                  <Table.Td>{device.address}</Table.Td>
                  <Table.Td>{device.identity.macAddress}</Table.Td>
                  <Table.Td ta="end">
                    {device.cameraId ? (
                      <Badge size="sm" variant="light" color="gray">
                        {t('find.known', {
                          name: cameras?.find(({ id }) => id === device.cameraId)?.name ?? '',
                        })}
                      </Badge>
                    ) : (
                      <Button
                        size="compact-xs"
                        variant="light"
                        aria-label={t('find.choose', { address: device.address })}
                        onClick={() => onChoose(device)}
                      >
                        {t('find.take')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}
