// SPDX-License-Identifier: Apache-2.0
import { Checkbox, Group, Modal, NumberInput, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type NewApiKey, useMakeApiKey } from '../../api/keys';
import { serverClock } from '../../api/serverClock';
import { useSession } from '../../api/session';
import { wordFor } from '../../i18n';
import { DialogActions } from '../../ui/DialogActions';
import { atFields } from '../../ui/formProblem';
import { dateTime } from '../../ui/time';

const DAY_MS = 86_400_000;
const DAYS = 365;
const DAYS_MAX = 3_650;
const NAME_LENGTH_MAX = 100;

interface Values {
  name: string;
  scopes: string[];
  expiresInDays: number | string;
  password: string;
}

/** Makes a key of some of the own rights, for some time. */
export function KeyDialog({ onMade, onClose }: { onMade: (key: NewApiKey) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const own = useSession((state) => state.user?.permissions) ?? [];
  const make = useMakeApiKey();
  const [problem, setProblem] = useState<unknown>();
  const form = useForm<Values>({
    initialValues: { name: '', scopes: [], expiresInDays: DAYS, password: '' },
    validate: {
      name: (value) => (value.trim() ? null : t('cameras.needed')),
      scopes: (value) => (value.length > 0 ? null : t('keys.scopeNeeded')),
      expiresInDays: (value) =>
        Number(value) >= 1 && Number(value) <= DAYS_MAX ? null : t('keys.daysRange', { max: DAYS_MAX }),
      password: (value) => (value ? null : t('password.needed')),
    },
  });
  const days = Number(form.values.expiresInDays);
  // Whoever leaves meanwhile has made a key that nobody knows.
  const close = () => !make.isPending && onClose();

  function submit({ name, scopes, expiresInDays, password }: Values) {
    setProblem(undefined);
    make.mutate(
      { name: name.trim(), scopes, expiresInDays: Number(expiresInDays), password },
      { onSuccess: onMade, onError: (error) => setProblem(atFields(error, form)) },
    );
  }

  return (
    <Modal
      opened
      size="lg"
      onClose={close}
      title={t('keys.addTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={form.onSubmit(submit)} noValidate data-testid="key-form">
        <Stack gap="sm">
          <TextInput
            label={t('keys.column.name')}
            description={t('keys.nameHint')}
            required
            maxLength={NAME_LENGTH_MAX}
            autoComplete="off"
            data-autofocus
            data-testid="key-name"
            {...form.getInputProps('name')}
          />
          <Checkbox.Group
            label={t('keys.column.scopes')}
            description={t('keys.scopesHint')}
            required
            {...form.getInputProps('scopes')}
          >
            <Group gap="xs" mt={6}>
              {own.map((one) => (
                <Checkbox
                  key={one}
                  w={250}
                  value={one}
                  label={wordFor('permission', one)}
                  data-testid={`scope-${one}`}
                />
              ))}
            </Group>
          </Checkbox.Group>
          <NumberInput
            label={t('keys.days')}
            description={
              days >= 1 && days <= DAYS_MAX
                ? t('keys.until', { time: dateTime(serverClock.now() + days * DAY_MS) })
                : t('keys.daysRange', { max: DAYS_MAX })
            }
            min={1}
            max={DAYS_MAX}
            allowDecimal={false}
            maw={250}
            data-testid="key-days"
            {...form.getInputProps('expiresInDays')}
          />
          <PasswordInput
            label={t('account.factor.password')}
            description={t('keys.passwordHint')}
            required
            autoComplete="current-password"
            data-testid="key-password"
            {...form.getInputProps('password')}
          />
          <DialogActions
            action={t('keys.make')}
            testId="key"
            busy={make.isPending}
            toldOnce
            error={problem}
            onCancel={close}
            stays
          />
        </Stack>
      </form>
    </Modal>
  );
}
