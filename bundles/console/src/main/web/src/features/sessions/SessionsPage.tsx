// SPDX-License-Identifier: Apache-2.0
import { Button, Select, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useRemoveTotpOf, useTotpOf } from '../../api/account';
import { useSession } from '../../api/session';
import { type User, useUsers } from '../../api/users';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Guarded, PageFrame } from '../../ui/PageFrame';
import { problemText } from '../../ui/problemText';
import { SessionList } from '../account/SessionList';

/** Where others are signed in, and by what. The address holds whose it is. */
export function SessionsPage() {
  return (
    <Guarded by="manage_users" testId="sessions">
      <Sessions />
    </Guarded>
  );
}

function Sessions() {
  const { t } = useTranslation();
  const users = useUsers();
  const me = useSession((state) => state.user?.id);
  const [search, setSearch] = useSearchParams();
  const chosen = search.get('user') ?? me;
  const known = users.data?.find((user) => user.id === chosen);
  const other = known?.id === me ? undefined : known;
  return (
    <PageFrame title={t('sessions.title')} text={t('sessions.explained')} error={users.error}>
      <Select
        label={t('users.column.name')}
        maw={320}
        mb="lg"
        searchable
        allowDeselect={false}
        data={(users.data ?? []).map(({ id, username }) => ({
          value: id,
          label: id === me ? `${username} ${t('users.you')}` : username,
        }))}
        value={chosen ?? null}
        onChange={(user) => user && setSearch({ user }, { replace: true })}
        data-testid="sessions-user"
      />
      {users.data && !known && (
        <Text size="sm" c="dimmed" data-testid="sessions-nobody">
          {t('users.gone')}
        </Text>
      )}
      {known && (
        <Stack key={chosen} gap="xl" maw={760}>
          <SessionList of={other} />
          {other && <SecondFactorOf user={other} />}
        </Stack>
      )}
    </PageFrame>
  );
}

/** Taken away from who has lost phone and recovery codes. */
function SecondFactorOf({ user }: { user: User }) {
  const { t } = useTranslation();
  const totp = useTotpOf(user.id);
  const [removing, setRemoving] = useState(false);
  const name = user.username;
  return (
    <section data-testid="second-factor-of">
      <Title order={2} size="h4" mb="xs">
        {t('account.factor.title')}
      </Title>
      <Text size="sm" mb="sm" maw={560}>
        {totp.data &&
          (totp.data.enabled
            ? t('sessions.factorOn', { name, left: totp.data.recoveryCodesLeft })
            : t('sessions.factorOff', { name }))}
        {totp.error && problemText(totp.error)}
      </Text>
      {totp.data?.enabled && (
        <Button
          size="xs"
          variant="default"
          onClick={() => setRemoving(true)}
          data-testid="second-factor-remove"
        >
          {t('account.factor.remove')}
        </Button>
      )}
      {removing && <RemoveFactorDialog user={user} onClose={() => setRemoving(false)} />}
    </section>
  );
}

function RemoveFactorDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const name = user.username;
  return (
    <ConfirmDialog
      title={t('sessions.factorRemoveTitle', { name })}
      text={t('sessions.factorRemoveText')}
      action={t('sessions.factorRemove')}
      danger
      task={useRemoveTotpOf()}
      value={user.id}
      done={t('sessions.factorRemoved', { name })}
      testId="second-factor"
      onClose={onClose}
    />
  );
}
