// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Anchor, Button, Group, Table, Text, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowUp, IconPencil, IconPlus, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type KnownServer,
  SERVERS_MAX,
  useKnownServers,
  useSaveServers,
  useServerStates,
} from '../../api/servers';
import { PageFrame } from '../../ui/PageFrame';
import { otherConsole } from './otherConsole';
import { ServerDialog } from './ServerDialog';
import { ServerStateMark } from './ServerStateMark';

const NONE = -1;
/** A phone: what does not fit beside the name stands below it. */
const NARROW = '(max-width: 48em)';

/** Servers that the user knows: whether they answer, and the way to them. */
export function ServersPage() {
  const { t } = useTranslation();
  const known = useKnownServers();
  const states = useServerStates(known.data);
  const narrow = useMediaQuery(NARROW);
  const save = useSaveServers();
  /** Which one is edited; one more than there are for a new one. */
  const [edited, setEdited] = useState(NONE);
  const data = known.data;
  const servers = data?.servers ?? [];
  const stateOf = (address: string) => (
    <ServerStateMark state={states.data?.get(address)} asking={states.isFetching} />
  );
  const give = (changed: KnownServer[]) => data && save.mutate({ before: data, servers: changed });
  return (
    <PageFrame
      title={t('servers.title')}
      text={t('servers.explained')}
      error={known.error ?? save.error}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={16} />}
            disabled={servers.length === 0}
            loading={states.isFetching}
            onClick={() => void states.refetch()}
            data-testid="servers-ask"
          >
            {t('servers.ask')}
          </Button>
          <Button
            size="xs"
            leftSection={<IconPlus size={16} />}
            disabled={!data || servers.length >= SERVERS_MAX}
            onClick={() => setEdited(servers.length)}
            data-testid="server-add"
          >
            {t('servers.add')}
          </Button>
        </>
      }
    >
      {servers.length > 0 ? (
        <Table maw={1000} verticalSpacing="sm" aria-label={t('servers.title')}>
          <Table.Tbody>
            {servers.map((server, at) => (
              <Table.Tr
                key={server.address}
                data-testid={`server-${server.name}`}
                data-state={states.data?.get(server.address)}
              >
                <Table.Td>
                  <Anchor
                    href={otherConsole(server.address, '/live')}
                    size="sm"
                    fw={600}
                    style={{ overflowWrap: 'anywhere' }}
                    data-testid={`server-open-${server.name}`}
                  >
                    {server.name}
                  </Anchor>
                  <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {server.address}
                  </Text>
                  {server.address.startsWith('http:') && (
                    <Text size="xs" c="yellow">
                      {t('servers.unencrypted')}
                    </Text>
                  )}
                  {narrow && stateOf(server.address)}
                </Table.Td>
                {!narrow && <Table.Td>{stateOf(server.address)}</Table.Td>}
                <Table.Td>
                  <Group gap={4} justify="flex-end" wrap="nowrap">
                    <Action
                      label={t('servers.up')}
                      server={server}
                      testId="server-up"
                      disabled={at === 0 || save.isPending}
                      onClick={() => give(moved(servers, at))}
                    >
                      <IconArrowUp size={17} />
                    </Action>
                    <Action
                      label={t('servers.change')}
                      server={server}
                      testId="server-edit"
                      onClick={() => setEdited(at)}
                    >
                      <IconPencil size={17} />
                    </Action>
                    <Action
                      label={t('servers.remove')}
                      server={server}
                      testId="server-remove"
                      disabled={save.isPending}
                      onClick={() => give(servers.toSpliced(at, 1))}
                    >
                      <IconTrash size={17} />
                    </Action>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : (
        data && (
          <Text size="sm" c="dimmed" data-testid="servers-none">
            {t('servers.none')}
          </Text>
        )
      )}
      {data && edited !== NONE && <ServerDialog known={data} at={edited} onClose={() => setEdited(NONE)} />}
    </PageFrame>
  );
}

/** With the one before in its place. */
const moved = (servers: KnownServer[], at: number): KnownServer[] =>
  servers.map((server, place) =>
    place === at ? (servers[at - 1] ?? server) : place === at - 1 ? (servers[at] ?? server) : server,
  );

interface ActionProps {
  label: string;
  server: KnownServer;
  testId: string;
  disabled?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}

function Action({ label, server, testId, disabled, onClick, children }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        aria-label={`${label}: ${server.name}`}
        disabled={disabled}
        onClick={onClick}
        data-testid={`${testId}-${server.name}`}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
