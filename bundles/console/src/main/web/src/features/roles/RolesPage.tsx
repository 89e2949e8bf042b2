// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Badge, Button, Group, Table, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Role, useRemoveRole, useRoles } from '../../api/roles';
import { wordFor } from '../../i18n';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Guarded, PageFrame } from '../../ui/PageFrame';
import { RoleDialog } from './RoleDialog';

/** The server keeps these, whoever has them. */
const BUILT_IN = ['administrator', 'operator', 'viewer', 'guest'];

/** The roles there are, and what they allow. */
export function RolesPage() {
  return (
    <Guarded by="manage_users" testId="roles">
      <RoleList />
    </Guarded>
  );
}

function RoleList() {
  const { t } = useTranslation();
  const roles = useRoles();
  const [editing, setEditing] = useState<Role | 'new'>();
  const [removing, setRemoving] = useState<Role>();
  return (
    <PageFrame
      title={t('roles.title')}
      error={roles.error}
      actions={
        <Button
          size="xs"
          leftSection={<IconPlus size={16} />}
          onClick={() => setEditing('new')}
          data-testid="role-add"
        >
          {t('roles.add')}
        </Button>
      }
    >
      <Table maw={900} verticalSpacing="sm" aria-label={t('roles.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('users.column.role')}</Table.Th>
            <Table.Th>{t('roles.permissions')}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {roles.data?.map((role) => (
            <Table.Tr key={role.name} data-testid={`role-${role.name}`}>
              <Table.Td>
                <Text size="sm" fw={600}>
                  {wordFor('role', role.name)}
                </Text>
                {role.secondFactor && (
                  <Badge size="sm" variant="light" h="auto" styles={{ label: { whiteSpace: 'normal' } }}>
                    {t('roles.secondFactor')}
                  </Badge>
                )}
              </Table.Td>
              <Table.Td>
                <Text size="xs" c="dimmed">
                  {role.editable
                    ? role.permissions.map((one) => wordFor('permission', one)).join(', ') ||
                      t('roleMay.guest')
                    : t('roleMay.administrator')}
                </Text>
              </Table.Td>
              <Table.Td align="right">
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  <Tooltip label={t('roles.edit')}>
                    <ActionIcon
                      aria-label={`${t('roles.edit')}: ${wordFor('role', role.name)}`}
                      onClick={() => setEditing(role)}
                      data-testid={`role-edit-${role.name}`}
                    >
                      <IconPencil size={17} />
                    </ActionIcon>
                  </Tooltip>
                  {!BUILT_IN.includes(role.name) && (
                    <Tooltip label={t('roles.remove')}>
                      <ActionIcon
                        aria-label={`${t('roles.remove')}: ${wordFor('role', role.name)}`}
                        onClick={() => setRemoving(role)}
                        data-testid={`role-remove-${role.name}`}
                      >
                        <IconTrash size={17} />
                      </ActionIcon>
                    </Tooltip>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {editing && (
        <RoleDialog
          role={editing === 'new' ? undefined : editing}
          known={roles.data ?? []}
          onClose={() => setEditing(undefined)}
        />
      )}
      {removing && <RemoveDialog role={removing} onClose={() => setRemoving(undefined)} />}
    </PageFrame>
  );
}

function RemoveDialog({ role, onClose }: { role: Role; onClose: () => void }) {
  const { t } = useTranslation();
  const name = wordFor('role', role.name);
  return (
    <ConfirmDialog
      title={t('roles.removeTitle', { name })}
      text={t('roles.removeText')}
      action={t('roles.remove')}
      danger
      task={useRemoveRole()}
      value={role}
      done={t('roles.removed', { name })}
      testId="role"
      onClose={onClose}
    />
  );
}
