// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Alert, Badge, Button, Group, Switch, Table, Text, Title, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { type RightReason, useAddGrant, useGrants, useRemoveGrant, useRights } from '../../api/roles';
import { useUsers } from '../../api/users';
import { wordFor } from '../../i18n';
import { Guarded, PageFrame } from '../../ui/PageFrame';
import { problemText } from '../../ui/problemText';
import { RoleSelect } from '../users/RoleSelect';
import { PlaceSelect, placeName, usePlaces } from './PlaceSelect';

/** What one user has at single places, and what that comes to at one of them. */
export function RightsPage() {
  return (
    <Guarded by="manage_users" testId="rights">
      <Rights />
    </Guarded>
  );
}

function Rights() {
  const { t } = useTranslation();
  const { userId = '' } = useParams();
  const users = useUsers();
  const user = users.data?.find((one) => one.id === userId);
  if (!user) {
    return (
      <PageFrame title={t('users.title')} error={users.error}>
        {users.data && (
          <Text size="sm" c="dimmed" data-testid="rights-nobody">
            {t('users.gone')}
          </Text>
        )}
      </PageFrame>
    );
  }
  return (
    <PageFrame
      title={t('rights.title', { name: user.username })}
      text={t('rights.rule', { role: wordFor('role', user.role) })}
      error={users.error}
      actions={
        <Button component={Link} to="/users" size="xs" variant="default">
          {t('users.title')}
        </Button>
      }
    >
      <Grants userId={userId} />
      <Effective userId={userId} />
    </PageFrame>
  );
}

function Grants({ userId }: { userId: string }) {
  const { t } = useTranslation();
  const grants = useGrants(userId);
  const remove = useRemoveGrant(userId);
  const places = usePlaces();
  const problem = grants.error ?? remove.error;
  return (
    <section>
      {problem && (
        <Alert color="red" variant="light" mb="sm" role="alert">
          {problemText(problem)}
        </Alert>
      )}
      <Title order={2} size="h4" mb="xs">
        {t('rights.grants')}
      </Title>
      {grants.data?.length === 0 && (
        <Text size="sm" c="dimmed" data-testid="grants-none">
          {t('rights.noGrants')}
        </Text>
      )}
      <Table maw={760} aria-label={t('rights.grants')} data-testid="grant-table">
        <Table.Tbody>
          {grants.data?.map((grant) => (
            <Table.Tr key={grant.id} data-testid={`grant-${grant.id}`}>
              <Table.Td>{placeName(places, grant.scope)}</Table.Td>
              <Table.Td>
                {wordFor('role', grant.role)}{' '}
                {grant.denied && (
                  <Badge size="sm" color="red" variant="light">
                    {t('rights.denied')}
                  </Badge>
                )}
              </Table.Td>
              <Table.Td align="right">
                <Tooltip label={t('rights.remove')}>
                  <ActionIcon
                    aria-label={`${t('rights.remove')}: ${placeName(places, grant.scope)}`}
                    loading={remove.isPending && remove.variables.id === grant.id}
                    onClick={() => remove.mutate(grant)}
                    data-testid={`grant-remove-${grant.id}`}
                  >
                    <IconTrash size={17} />
                  </ActionIcon>
                </Tooltip>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <GrantForm userId={userId} />
    </section>
  );
}

function GrantForm({ userId }: { userId: string }) {
  const { t } = useTranslation();
  const add = useAddGrant(userId);
  const [role, setRole] = useState('viewer');
  const [scope, setScope] = useState('');
  const [denied, setDenied] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate({ role, scope, denied }, { onSuccess: () => setDenied(false) });
  }

  return (
    <form onSubmit={submit} data-testid="grant-form">
      <Group align="flex-end" gap="sm" my="md">
        <PlaceSelect
          label={t('rights.place')}
          placeholder={t('rights.choosePlace')}
          value={scope}
          onChange={(value) => value && setScope(value)}
          data-testid="grant-place"
        />
        <RoleSelect value={role} onChange={(value) => value && setRole(value)} description={undefined} />
        <Switch
          mb={8}
          label={t('rights.deny')}
          checked={denied}
          onChange={(event) => setDenied(event.currentTarget.checked)}
          data-testid="grant-deny"
        />
        <Button type="submit" disabled={!scope} loading={add.isPending} data-testid="grant-add">
          {t(denied ? 'rights.takeAway' : 'rights.add')}
        </Button>
      </Group>
      {add.error && (
        <Alert color="red" variant="light" mb="sm" role="alert" data-testid="grant-problem">
          {problemText(add.error)}
        </Alert>
      )}
    </form>
  );
}

function Effective({ userId }: { userId: string }) {
  const { t } = useTranslation();
  const [scope, setScope] = useState('site');
  const rights = useRights(userId, scope);
  const places = usePlaces();

  function why(reason: RightReason): string {
    const said = { role: wordFor('role', reason.role), place: placeName(places, reason.scope) };
    return t(reason.denied ? 'rights.becauseDenied' : 'rights.because', said);
  }

  return (
    <section>
      <Group align="center" gap="sm" mb="sm">
        <Title order={2} size="h4">
          {t('rights.effective')}
        </Title>
        <PlaceSelect
          aria-label={t('rights.place')}
          value={scope}
          onChange={(value) => value && setScope(value)}
          data-testid="rights-place"
        />
      </Group>
      {rights.error && (
        <Alert color="red" variant="light" mb="sm" role="alert">
          {problemText(rights.error)}
        </Alert>
      )}
      <Table maw={760} aria-label={t('rights.effective')} data-testid="rights-table">
        <Table.Tbody>
          {rights.data?.map((right) => (
            <Table.Tr key={right.permission} data-testid={`right-${right.permission}`}>
              <Table.Td>{wordFor('permission', right.permission)}</Table.Td>
              <Table.Td>
                <Badge size="sm" variant="light" color={right.allowed ? 'green' : 'gray'} miw="max-content">
                  {t(right.allowed ? 'rights.yes' : 'rights.no')}
                </Badge>
              </Table.Td>
              <Table.Td>
                <Text size="xs" c="dimmed">
                  {right.because.length > 0 ? right.because.map(why).join('; ') : t('rights.nothingSaid')}
                  {right.overruled.length > 0 &&
                    ` (${t('rights.overrules', { what: right.overruled.map(why).join('; ') })})`}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
