// SPDX-License-Identifier: Apache-2.0
import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../api/problem';
import { changePassword } from '../../api/session';
import { problemText } from '../../ui/problemText';
import { signOut } from '../../ui/signOut';

/** The server's own rule; it refuses some longer ones too and says why. */
export const PASSWORD_LENGTH_MIN = 8;

/** Changes the own password; the server decides whether it is good enough. */
export function PasswordForm({ onDone }: { onDone?: () => void }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '', repeated: '' },
    validate: {
      currentPassword: (value) => (value ? null : t('password.needed')),
      newPassword: (value) =>
        !value
          ? t('password.needed')
          : value.length < PASSWORD_LENGTH_MIN
            ? t('password.short', { count: PASSWORD_LENGTH_MIN })
            : null,
      repeated: (value, values) => (value === values.newPassword ? null : t('password.differs')),
    },
  });

  async function submit(values: typeof form.values) {
    setBusy(true);
    try {
      await changePassword(values.currentPassword, values.newPassword);
      onDone?.();
    } catch (error) {
      const fields = error instanceof ApiProblem ? error.errors : [];
      if (fields.length > 0) {
        for (const { field, detail } of fields) {
          form.setFieldError(field in form.values ? field : 'newPassword', detail);
        }
      } else if (error instanceof ApiProblem && error.status === 401) {
        form.setFieldError('currentPassword', t('password.wrong'));
      } else {
        form.setFieldError('newPassword', problemText(error));
      }
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack gap="sm">
        <PasswordInput
          label={t('password.current')}
          autoComplete="current-password"
          autoFocus
          data-testid="password-current"
          {...form.getInputProps('currentPassword')}
        />
        <PasswordInput
          label={t('password.new')}
          description={t('password.rule', { count: PASSWORD_LENGTH_MIN })}
          autoComplete="new-password"
          data-testid="password-new"
          {...form.getInputProps('newPassword')}
        />
        <PasswordInput
          label={t('password.repeat')}
          autoComplete="new-password"
          data-testid="password-repeat"
          {...form.getInputProps('repeated')}
        />
        <Group justify="space-between" mt="xs">
          {onDone ? (
            <span />
          ) : (
            <Button variant="subtle" color="gray" onClick={signOut}>
              {t('shell.signOut')}
            </Button>
          )}
          <Button type="submit" loading={busy} data-testid="password-submit">
            {t('password.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
