// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { type FormEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../api/problem';
import { login } from '../../api/session';
import { problemText } from '../../ui/problemText';

/** User name, password and, when the server asks for it, a one-time code; an error is said here, the focus stays. */
export function CredentialsForm({ fixedUsername }: { fixedUsername?: string }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState(fixedUsername ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const usernameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const codeField = useRef<HTMLInputElement>(null);
  const errorId = useId();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) {
      return;
    }
    if (!username.trim() || !password) {
      setError(t('login.incomplete'));
      (username.trim() ? passwordField : usernameField).current?.focus();
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      await login(username.trim(), password, code?.trim());
    } catch (failure) {
      setBusy(false);
      if (failure instanceof ApiProblem && failure.kind.startsWith('totp-')) {
        setError(failure.kind === 'totp-wrong' ? t('login.codeWrong') : undefined);
        setCode('');
        codeField.current?.focus();
        return;
      }
      const wrong = failure instanceof ApiProblem && failure.status === 401;
      const disabled = failure instanceof ApiProblem && failure.kind === 'user-disabled';
      setError(wrong ? t('login.wrong') : disabled ? t('login.disabled') : problemText(failure));
      passwordField.current?.focus();
      passwordField.current?.select();
    }
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          ref={usernameField}
          label={t('login.username')}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={username}
          readOnly={fixedUsername !== undefined}
          data-autofocus={fixedUsername === undefined || undefined}
          autoFocus={fixedUsername === undefined}
          onChange={(event) => setUsername(event.currentTarget.value)}
          data-testid="login-username"
        />
        <PasswordInput
          ref={passwordField}
          label={t('login.password')}
          name="password"
          autoComplete="current-password"
          value={password}
          autoFocus={fixedUsername !== undefined}
          data-autofocus={fixedUsername !== undefined || undefined}
          onChange={(event) => setPassword(event.currentTarget.value)}
          aria-invalid={error !== undefined}
          aria-describedby={error ? errorId : undefined}
          data-testid="login-password"
        />
        {code !== undefined && (
          <TextInput
            ref={codeField}
            label={t('login.code')}
            description={t('login.codeHint')}
            name="totp"
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            data-testid="login-code"
          />
        )}
        {error && (
          <Alert
            id={errorId}
            color="red"
            variant="light"
            icon={<IconAlertCircle size={18} />}
            py="xs"
            role="alert"
            data-testid="login-error"
          >
            {error}
          </Alert>
        )}
        <Button type="submit" loading={busy} fullWidth mt="xs" data-testid="login-submit">
          {t('login.submit')}
        </Button>
      </Stack>
    </form>
  );
}
