// SPDX-License-Identifier: Apache-2.0
import { Button, Modal, Stack, Switch } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type User, useChangeUser } from '../../api/users';
import { DialogActions } from '../../ui/DialogActions';
import { toast } from '../../ui/toast';
import { RoleSelect } from './RoleSelect';

interface Props {
  user: User;
  /** Another password is wanted; not for whom somebody else keeps it. */
  onPassword: () => void;
  onClose: () => void;
}

/** Changes what somebody else may do; sends only what is another. */
export function ChangeUserDialog({ user, onPassword, onClose }: Props) {
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
          <RoleSelect
            value={role}
            onChange={(value) => value && setRole(value)}
            data-autofocus
            {...(user.provider && {
              disabled: true,
              description: t('users.roleOfProvider', { provider: user.provider }),
            })}
          />
          <Switch
            label={t('users.maySignIn')}
            description={t(disabled ? 'users.disabledHint' : 'users.enabledHint')}
            checked={!disabled}
            onChange={(event) => setDisabled(!event.currentTarget.checked)}
            data-testid="user-enabled"
          />
          <DialogActions
            action={t('common.save')}
            testId="user"
            busy={change.isPending}
            error={change.error}
            onCancel={onClose}
          >
            {!user.provider && (
              <Button variant="default" onClick={onPassword} data-testid="user-set-password">
                {t('users.setPassword')}
              </Button>
            )}
          </DialogActions>
        </Stack>
      </form>
    </Modal>
  );
}
