// SPDX-License-Identifier: Apache-2.0
import { Menu, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconServer2, IconSettings2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useHealth } from '../../api/queries';
import { useKnownServers, useServerStates } from '../../api/servers';
import { useServerName } from '../../ui/serverName';
import { otherConsole } from './otherConsole';
import { ServerStateMark } from './ServerStateMark';

interface Props {
  className: string;
}

/** Which server this is, and the way to the others that the user knows: their consoles, at the page that is open here. */
export function ServerMenu({ className }: Props) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const [opened, setOpened] = useState(false);
  const before = useServerName((server) => server.name);
  const name = useHealth().data?.serverName ?? before;
  const known = useKnownServers(opened);
  const states = useServerStates(opened ? known.data : undefined);
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-start" width={290} shadow="md">
      <Menu.Target>
        <UnstyledButton className={className} title={t('servers.title')} data-testid="servers">
          <span data-testid="server-name">{name ?? 'NXvms'}</span>
          <IconChevronDown size={14} stroke={1.7} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label data-testid="servers-here">
          {t('servers.here', { name: name ?? window.location.host })}
        </Menu.Label>
        {known.data?.servers.map(({ name: other, address }) => (
          <Menu.Item
            key={address}
            component="a"
            href={otherConsole(address, pathname)}
            leftSection={<IconServer2 size={16} />}
            data-testid={`servers-open-${other}`}
            data-state={states.data?.get(address)}
          >
            <Stack gap={0}>
              <Text size="sm" truncate>
                {other}
              </Text>
              <ServerStateMark state={states.data?.get(address)} asking={states.isFetching} />
            </Stack>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          component={Link}
          to="/servers"
          leftSection={<IconSettings2 size={16} />}
          data-testid="servers-edit"
        >
          {t('servers.edit')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
