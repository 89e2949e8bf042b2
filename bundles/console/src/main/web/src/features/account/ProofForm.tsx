// SPDX-License-Identifier: Apache-2.0
import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proof } from '../../api/account';
import { ApiProblem } from '../../api/problem';
import { problemText } from '../../ui/problemText';

interface Props {
  /** Ask for the second factor too. */
  withCode?: boolean;
  send: (proof: Proof) => Promise<void>;
  onCancel: () => void;
}

/** Whoever sits at an open session is not always the user: asks for the password before something lasting is done. */
export function ProofForm({ withCode, send, onCancel }: Props) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setErrors({});
    try {
      await send(withCode ? { password, code } : { password });
    } catch (failure) {
      const fields = failure instanceof ApiProblem ? failure.errors : [];
      setErrors(
        fields.length > 0
          ? Object.fromEntries(fields.map(({ field, detail }) => [field, detail]))
          : { password: problemText(failure) },
      );
      setBusy(false);
    }
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={420}>
        <PasswordInput
          label={t('account.factor.password')}
          autoComplete="current-password"
          autoFocus
          value={password}
          error={errors.password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-testid="proof-password"
        />
        {withCode && (
          <TextInput
            label={t('account.factor.code')}
            autoComplete="one-time-code"
            value={code}
            error={errors.code}
            onChange={(event) => setCode(event.currentTarget.value)}
            data-testid="proof-code"
          />
        )}
        <Group>
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy} data-testid="proof-submit">
            {t('account.factor.go')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
