// SPDX-License-Identifier: Apache-2.0
import { Modal, PasswordInput, Stack, Switch, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type User, useSetPassword } from '../../api/users';
import { DialogActions } from '../../ui/DialogActions';
import { atFields } from '../../ui/formProblem';
import { toast } from '../../ui/toast';
import { PASSWORD_LENGTH_MIN } from '../login/PasswordForm';

/** A password for somebody who has lost the own, who changes it at the next sign-in unless told otherwise. */
export function SetPasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const set = useSetPassword();
  const [problem, setProblem] = useState<unknown>();
  const name = user.username;
  const form = useForm({
    initialValues: { password: '', mustChangePassword: true },
    validate: {
      password: (value) =>
        value.length >= PASSWORD_LENGTH_MIN ? null : t('password.short', { count: PASSWORD_LENGTH_MIN }),
    },
  });

  function submit(values: typeof form.values) {
    setProblem(undefined);
    set.mutate(
      { id: user.id, ...values },
      {
        onSuccess: () => {
          toast(t('users.passwordIsSet', { name }));
          onClose();
        },
        onError: (error) => setProblem(atFields(error, form)),
      },
    );
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('users.passwordTitle', { name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={form.onSubmit(submit)} noValidate data-testid="user-password-form">
        <Stack gap="sm">
          <Text size="sm">{t('users.passwordText', { name })}</Text>
          <PasswordInput
            label={t('password.new')}
            description={t('password.rule', { count: PASSWORD_LENGTH_MIN })}
            required
            autoComplete="new-password"
            data-autofocus
            data-testid="user-password"
            {...form.getInputProps('password')}
          />
          <Switch
            label={t('users.changeNext')}
            {...form.getInputProps('mustChangePassword', { type: 'checkbox' })}
          />
          <DialogActions
            action={t('users.passwordSet')}
            testId="user-password"
            busy={set.isPending}
            error={problem}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
