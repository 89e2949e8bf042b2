// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Divider, Stack, TextInput } from '@mantine/core';
import { IconAlertCircle, IconLogin2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../api/problem';
import { loginFromOutside, outsideProviders } from '../../api/session';
import { problemText } from '../../ui/problemText';
import { arrival, forgetArrival, leaveFor, returnToPage } from './arrival';

/** Providers come and go while the page is open. */
const POLL_MS = 3_000;

/** Ways in that begin at a provider: a button for each, and what became of the last one when the browser comes back. */
export function OutsideSignIn() {
  const { t } = useTranslation();
  const [reason, setReason] = useState(() => arrival());
  const [problem, setProblem] = useState<string>();
  const [code, setCode] = useState<string>();
  const [busy, setBusy] = useState(false);
  const providers = useQuery({
    queryKey: ['outside-providers'],
    queryFn: ({ signal }) => outsideProviders(signal),
    refetchInterval: POLL_MS,
    retry: false,
  });

  async function enter(totp?: string) {
    setBusy(true);
    setProblem(undefined);
    try {
      await loginFromOutside(totp);
      returnToPage();
    } catch (failure) {
      setBusy(false);
      const kind = failure instanceof ApiProblem ? failure.kind : '';
      if (kind === 'totp-required' || kind === 'totp-wrong') {
        setCode('');
        setProblem(kind === 'totp-wrong' ? t('login.codeWrong') : undefined);
        return;
      }
      setCode(undefined);
      setProblem(outsideText(t, kind === 'unauthenticated' ? 'expired' : kind) ?? problemText(failure));
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each arrival
  useEffect(() => {
    if (reason === undefined || !forgetArrival()) {
      return;
    }
    if (reason === 'done') {
      void enter();
    } else {
      setProblem(outsideText(t, reason) ?? t('login.outside.provider_error'));
    }
    setReason(undefined);
  }, [reason]);

  function confirm(event: FormEvent) {
    event.preventDefault();
    if (!busy && code?.trim()) {
      void enter(code.trim());
    }
  }

  const items = providers.data ?? [];
  if (items.length === 0 && problem === undefined && code === undefined) {
    return null;
  }
  return (
    <Stack gap="sm" mt="md" data-testid="outside">
      <Divider label={t('login.outside.or')} labelPosition="center" />
      {problem && (
        <Alert
          color="red"
          variant="light"
          icon={<IconAlertCircle size={18} />}
          py="xs"
          role="alert"
          data-testid="outside-problem"
        >
          {problem}
        </Alert>
      )}
      {code !== undefined && (
        <form onSubmit={confirm} noValidate>
          <Stack gap="sm">
            <TextInput
              label={t('login.code')}
              description={t('login.codeHint')}
              name="totp"
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              data-testid="outside-code"
            />
            <Button type="submit" loading={busy} fullWidth data-testid="outside-confirm">
              {t('login.submit')}
            </Button>
          </Stack>
        </form>
      )}
      {items.map((provider) => (
        <Button
          key={provider.id}
          component="a"
          href={provider.path}
          onClick={leaveFor}
          variant="default"
          fullWidth
          leftSection={<IconLogin2 size={18} />}
          data-testid={`outside-${provider.id}`}
        >
          {provider.title}
        </Button>
      ))}
    </Stack>
  );
}

type Translate = ReturnType<typeof useTranslation>['t'];

/** Words for a reason, if there are any. */
function outsideText(t: Translate, reason: string): string | undefined {
  switch (reason) {
    case 'denied':
      return t('login.outside.denied');
    case 'provider_unreachable':
      return t('login.outside.provider_unreachable');
    case 'provider_error':
      return t('login.outside.provider_error');
    case 'token_invalid':
      return t('login.outside.token_invalid');
    case 'expired':
      return t('login.outside.expired');
    case 'unavailable':
      return t('login.outside.unavailable');
    case 'no-role':
      return t('login.outside.no_role');
    case 'name-taken':
      return t('login.outside.name_taken');
    case 'user-disabled':
      return t('login.disabled');
    default:
      return undefined;
  }
}
