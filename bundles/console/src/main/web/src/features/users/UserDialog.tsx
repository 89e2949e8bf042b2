// SPDX-License-Identifier: Apache-2.0
import { Modal, PasswordInput, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../api/problem';
import { useAddUser } from '../../api/users';
import { DialogActions } from '../../ui/DialogActions';
import { toast } from '../../ui/toast';
import { PASSWORD_LENGTH_MIN } from '../login/PasswordForm';
import { RoleSelect } from './RoleSelect';

/** Adds a user with a first password, which the user changes at the first login unless told otherwise. */
export function UserDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const add = useAddUser();
  const [problem, setProblem] = useState<unknown>();
  const form = useForm({
    initialValues: { username: '', password: '', role: 'viewer', mustChangePassword: true },
    validate: {
      username: (value) => (value.trim() ? null : t('cameras.needed')),
      password: (value) =>
        value.length >= PASSWORD_LENGTH_MIN ? null : t('password.short', { count: PASSWORD_LENGTH_MIN }),
    },
  });

  function submit(values: typeof form.values) {
    setProblem(undefined);
    const username = values.username.trim();
    add.mutate(
      { ...values, username },
      {
        onSuccess: () => {
          toast(t('users.added', { name: username }));
          onClose();
        },
        onError: (error) => {
          const fields = error instanceof ApiProblem ? error.errors : [];
          const known = fields.filter(({ field }) => field in form.values);
          for (const { field, detail } of known) {
            form.setFieldError(field, detail);
          }
          setProblem(known.length > 0 ? undefined : error);
        },
      },
    );
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('users.addTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={form.onSubmit(submit)} noValidate data-testid="user-form">
        <Stack gap="sm">
          <TextInput
            label={t('users.column.name')}
            required
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            data-testid="user-name"
            {...form.getInputProps('username')}
          />
          <PasswordInput
            label={t('users.firstPassword')}
            description={t('password.rule', { count: PASSWORD_LENGTH_MIN })}
            required
            autoComplete="new-password"
            data-testid="user-password"
            {...form.getInputProps('password')}
          />
          <RoleSelect {...form.getInputProps('role')} value={form.values.role} />
          <Switch
            label={t('users.change')}
            {...form.getInputProps('mustChangePassword', { type: 'checkbox' })}
          />
          <DialogActions
            action={t('users.add')}
            testId="user"
            busy={add.isPending}
            error={problem}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
