// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Badge, Button, Group, Table, Text, Tooltip } from '@mantine/core';
import { IconDevices, IconPencil, IconPlus, IconShieldLock, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '../../api/session';
import { type User, useRemoveUser, useUsers } from '../../api/users';
import { wordFor } from '../../i18n';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Guarded, PageFrame } from '../../ui/PageFrame';
import { ChangeUserDialog } from './ChangeUserDialog';
import { SetPasswordDialog } from './SetPasswordDialog';
import { UserDialog } from './UserDialog';

/** Who may sign in, and as what. */
export function UsersPage() {
  return (
    <Guarded by="manage_users" testId="users">
      <UserList />
    </Guarded>
  );
}

function UserList() {
  const { t, i18n } = useTranslation();
  const users = useUsers();
  const me = useSession((state) => state.user?.id);
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<User>();
  const [removing, setRemoving] = useState<User>();
  const [forgotten, setForgotten] = useState<User>();
  return (
    <PageFrame
      title={t('users.title')}
      error={users.error}
      actions={
        <>
          <Button component={Link} to="/roles" size="xs" variant="default" data-testid="nav-roles">
            {t('roles.title')}
          </Button>
          <Button
            size="xs"
            leftSection={<IconPlus size={16} />}
            onClick={() => setAdding(true)}
            data-testid="user-add"
          >
            {t('users.add')}
          </Button>
        </>
      }
    >
      <Table maw={760} verticalSpacing="sm" aria-label={t('users.title')} data-testid="user-table">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('users.column.name')}</Table.Th>
            <Table.Th>{t('users.column.role')}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {users.data?.map((user) => (
            <Table.Tr key={user.id} data-testid={`user-${user.username}`}>
              <Table.Td>
                <Text size="sm" fw={600} miw={88} style={{ overflowWrap: 'anywhere' }}>
                  {user.username}
                  {user.id === me && (
                    <Text span size="xs" c="dimmed" fw={400}>
                      {` ${t('users.you')}`}
                    </Text>
                  )}
                </Text>
                {user.disabled && (
                  <Badge
                    size="sm"
                    variant="light"
                    color="gray"
                    data-testid={`user-disabled-${user.username}`}
                  >
                    {t('users.disabled')}
                  </Badge>
                )}
                {user.provider && (
                  <Text size="xs" c="dimmed" data-testid={`user-provider-${user.username}`}>
                    {t('users.provider', { provider: user.provider })}
                  </Text>
                )}
                {user.mustChangePassword && (
                  <Text size="xs" c="dimmed">
                    {t('users.mustChange')}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Text size="sm">{wordFor('role', user.role)}</Text>
                {i18n.exists(`roleMay.${user.role}`) && (
                  <Text size="xs" c="dimmed">
                    {t(`roleMay.${user.role}`)}
                  </Text>
                )}
              </Table.Td>
              <Table.Td align="right">
                {user.id !== me && (
                  <Group gap={4} justify="flex-end" miw={{ base: 60, xs: 128 }}>
                    <Tooltip label={t('rights.title', { name: user.username })}>
                      <ActionIcon
                        component={Link}
                        to={`/users/${user.id}/rights`}
                        aria-label={t('rights.title', { name: user.username })}
                        data-testid={`user-rights-${user.username}`}
                      >
                        <IconShieldLock size={17} />
                      </ActionIcon>
                    </Tooltip>
                    <Tooltip label={t('sessions.of', { name: user.username })}>
                      <ActionIcon
                        component={Link}
                        to={`/sessions?user=${user.id}`}
                        aria-label={t('sessions.of', { name: user.username })}
                        data-testid={`user-sessions-${user.username}`}
                      >
                        <IconDevices size={17} />
                      </ActionIcon>
                    </Tooltip>
                    <Tooltip label={t('users.edit')}>
                      <ActionIcon
                        aria-label={`${t('users.edit')}: ${user.username}`}
                        onClick={() => setChanging(user)}
                        data-testid={`user-edit-${user.username}`}
                      >
                        <IconPencil size={17} />
                      </ActionIcon>
                    </Tooltip>
                    <Tooltip label={t('users.remove')}>
                      <ActionIcon
                        aria-label={`${t('users.remove')}: ${user.username}`}
                        onClick={() => setRemoving(user)}
                        data-testid={`user-remove-${user.username}`}
                      >
                        <IconTrash size={17} />
                      </ActionIcon>
                    </Tooltip>
                  </Group>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {adding && <UserDialog onClose={() => setAdding(false)} />}
      {changing && (
        <ChangeUserDialog
          user={changing}
          onPassword={() => {
            setChanging(undefined);
            setForgotten(changing);
          }}
          onClose={() => setChanging(undefined)}
        />
      )}
      {forgotten && <SetPasswordDialog user={forgotten} onClose={() => setForgotten(undefined)} />}
      {removing && <RemoveDialog user={removing} onClose={() => setRemoving(undefined)} />}
    </PageFrame>
  );
}

function RemoveDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const name = user.username;
  return (
    <ConfirmDialog
      title={t('users.removeTitle', { name })}
      text={t('users.removeText')}
      action={t('users.remove')}
      danger
      task={useRemoveUser()}
      value={user}
      done={t('users.removed', { name })}
      testId="user"
      onClose={onClose}
    />
  );
}
