// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Checkbox, Group, Loader, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCameras } from '../../api/queries';
import type { FoundDevice } from '../../api/types';
import { problemText } from '../../ui/problemText';
import { ManyCameras } from './ManyCameras';
import { useSearch } from './useSearch';

/** Looks for devices in the server's networks; one that is taken fills the form, several are added together. */
export function FoundDevices({ onChoose }: { onChoose: (device: FoundDevice) => void }) {
  const { t } = useTranslation();
  const cameras = useCameras().data;
  const { scan, error, runs, begin } = useSearch();
  const [addresses, setAddresses] = useState('');
  const [marked, setMarked] = useState<string[]>([]);
  const devices = scan?.devices ?? [];
  const free = devices.filter(({ cameraId }) => !cameraId);
  const chosen = free.filter(({ address }) => marked.includes(address));
  const mark = (address: string, on: boolean) =>
    setMarked((before) => [...before.filter((other) => other !== address), ...(on ? [address] : [])]);
  const typed = addresses.split(/[\s,;]+/).filter(Boolean);
  const search = () => begin(typed);
  // Whoever knows where the camera is need not look for it.
  const hosts = devices.length === 0 && !runs ? typed.filter(isHost).map((address) => ({ address })) : [];

  return (
    <Stack gap="xs" data-testid="find">
      <Group gap="sm" align="end" wrap="nowrap">
        <TextInput
          flex={1}
          label={t('find.where')}
          description={t('find.everybody')}
          placeholder="192.0.2.10, 192.0.2.0/24"
          dir="ltr"
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
        <Table.ScrollContainer minWidth={260} mah={240}>
          <Table fz="xs" verticalSpacing={3} horizontalSpacing="xs">
            {free.length > 1 && (
              <Table.Thead>
                <Table.Tr>
                  <Table.Th colSpan={5}>
                    <Checkbox
                      size="xs"
                      label={t('find.all')}
                      checked={chosen.length === free.length}
                      indeterminate={chosen.length > 0 && chosen.length < free.length}
                      onChange={(event) =>
                        setMarked(event.currentTarget.checked ? free.map(({ address }) => address) : [])
                      }
                      data-testid="find-all"
                    />
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
            )}
            <Table.Tbody>
              {devices.map((device) => (
                <Table.Tr key={`${device.driver} ${device.address}`} data-testid="find-device">
                  <Table.Td>
                    {!device.cameraId && (
                      <Checkbox
                        size="xs"
                        aria-label={t('find.mark', { address: device.address })}
                        checked={marked.includes(device.address)}
                        onChange={(event) => mark(device.address, event.currentTarget.checked)}
                      />
                    )}
                  </Table.Td>
                  <Table.Td>
                    {device.name || [device.identity.manufacturer, device.identity.model].join(' ')}
                    <Text size="xs" c="dimmed" hiddenFrom="xs" style={{ overflowWrap: 'anywhere' }}>
                      {device.address}
                    </Text>
                  </Table.Td>
                  <Table.Td visibleFrom="xs">{device.address}</Table.Td>
                  <Table.Td visibleFrom="xs">{device.identity.macAddress}</Table.Td>
                  <Table.Td ta="end">
                    {device.cameraId ? (
                      <Text size="xs" c="dimmed">
                        {t('find.known', {
                          name: cameras?.find(({ id }) => id === device.cameraId)?.name ?? '',
                        })}
                      </Text>
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
      <ManyCameras devices={chosen.length > 0 ? chosen : hosts} />
    </Stack>
  );
}

/** No network and no range: those are for searching. */
const isHost = (text: string) =>
  text.includes('://') || (!text.includes('/') && !/^[\d.]+-/.test(text) && !/:.*-/.test(text));
