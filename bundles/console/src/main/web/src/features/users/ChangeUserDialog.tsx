// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Modal, Stack, Switch } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type User, useChangeUser } from '../../api/users';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';
import { RoleSelect } from './RoleSelect';

/** Changes what somebody else may do; sends only what is another. */
export function ChangeUserDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const change = useChangeUser();
  const [role, setRole] = useState(user.role);
  const [disabled, setDisabled] = useState(user.disabled);
  const name = user.username;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (role === user.role && disabled === user.disabled) {
      onClose();
      return;
    }
    change.mutate(
      {
        id: user.id,
        ...(role === user.role ? {} : { role }),
        ...(disabled === user.disabled ? {} : { disabled }),
      },
      {
        onSuccess: () => {
          toast(t('users.saved', { name }));
          onClose();
        },
      },
    );
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('users.changeTitle', { name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} noValidate data-testid="user-form">
        <Stack gap="md">
          <RoleSelect value={role} onChange={(value) => value && setRole(value)} data-autofocus />
          <Switch
            label={t('users.maySignIn')}
            description={t(disabled ? 'users.disabledHint' : 'users.enabledHint')}
            checked={!disabled}
            onChange={(event) => setDisabled(!event.currentTarget.checked)}
            data-testid="user-enabled"
          />
          {change.error && (
            <Alert color="red" variant="light" role="alert" data-testid="user-problem">
              {problemText(change.error)}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="subtle" color="gray" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={change.isPending} data-testid="user-save">
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
