// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Code, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  beginTotp,
  confirmTotp,
  removeTotp,
  renewRecoveryCodes,
  type TotpEnrolment,
  useTotp,
} from '../../api/account';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';
import { ProofForm } from './ProofForm';
import { QrCode } from './QrCode';

type Step =
  | { name: 'rest' }
  | { name: 'begin' | 'remove' | 'renew' }
  | { name: 'scan'; enrolment: TotpEnrolment }
  | { name: 'recovery'; codes: string[] };

/**
 * One-time codes: set up, given up, and the codes for when the phone is lost.
 *
 * @param onKept told when the recovery codes of a new second factor are kept
 */
export function SecondFactor({ onKept }: { onKept?: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const totp = useTotp();
  const [step, setStep] = useState<Step>({ name: 'rest' });
  const rest = () => setStep({ name: 'rest' });

  /** What has changed is asked for anew, sessions too: some end by it. */
  function changed() {
    void client.invalidateQueries({ queryKey: ['totp'] });
    void client.invalidateQueries({ queryKey: ['sessions'] });
  }

  return (
    <section data-testid="second-factor">
      <Title order={2} size="h4" mb="xs">
        {t('account.factor.title')}
      </Title>
      {totp.error && (
        <Alert color="red" variant="light" mb="sm" role="alert">
          {problemText(totp.error)}
        </Alert>
      )}
      {totp.data && (
        <Text size="sm" maw={560} mb="sm" data-testid="second-factor-state">
          {totp.data.enabled
            ? t('account.factor.on', { left: totp.data.recoveryCodesLeft })
            : t('account.factor.off')}
        </Text>
      )}
      {totp.data && step.name === 'rest' && (
        <Group gap="xs">
          {totp.data.enabled ? (
            <>
              <Button size="xs" variant="default" onClick={() => setStep({ name: 'renew' })}>
                {t('account.factor.renew')}
              </Button>
              <Button
                size="xs"
                variant="default"
                onClick={() => setStep({ name: 'remove' })}
                data-testid="totp-remove"
              >
                {t('account.factor.remove')}
              </Button>
            </>
          ) : (
            <Button size="xs" onClick={() => setStep({ name: 'begin' })} data-testid="totp-begin">
              {t('account.factor.begin')}
            </Button>
          )}
        </Group>
      )}
      {step.name === 'begin' && (
        <ProofForm
          onCancel={rest}
          send={async (proof) => setStep({ name: 'scan', enrolment: await beginTotp(proof) })}
        />
      )}
      {step.name === 'remove' && (
        <ProofForm
          withCode
          onCancel={rest}
          send={async (proof) => {
            await removeTotp(proof);
            changed();
            toast(t('account.factor.removed'));
            rest();
          }}
        />
      )}
      {step.name === 'renew' && (
        <ProofForm
          withCode
          onCancel={rest}
          send={async (proof) => {
            const { recoveryCodes } = await renewRecoveryCodes(proof);
            changed();
            setStep({ name: 'recovery', codes: recoveryCodes });
          }}
        />
      )}
      {step.name === 'scan' && (
        <Scan
          enrolment={step.enrolment}
          onCancel={rest}
          onDone={(codes) => {
            changed();
            toast(t('account.factor.switchedOn'));
            setStep({ name: 'recovery', codes });
          }}
        />
      )}
      {step.name === 'recovery' && <Recovery codes={step.codes} onKept={onKept ?? rest} />}
    </section>
  );
}

interface ScanProps {
  enrolment: TotpEnrolment;
  onCancel: () => void;
  onDone: (codes: string[]) => void;
}

function Scan({ enrolment, onCancel, onDone }: ScanProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function confirm() {
    setBusy(true);
    setError(undefined);
    try {
      onDone((await confirmTotp(code)).recoveryCodes);
    } catch (failure) {
      setError(problemText(failure));
      setBusy(false);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
    >
      <Stack gap="sm" maw={420}>
        <Text size="sm">{t('account.factor.scan')}</Text>
        <QrCode text={enrolment.uri} label={t('account.factor.qr')} />
        <Text size="sm">
          {t('account.factor.secret')}: <Code data-testid="totp-secret">{enrolment.secret}</Code>
        </Text>
        <TextInput
          label={t('account.factor.shown')}
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          value={code}
          error={error}
          onChange={(event) => setCode(event.currentTarget.value)}
          data-testid="totp-code"
        />
        <Group>
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy} data-testid="totp-confirm">
            {t('account.factor.confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Recovery({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" maw={420}>
      <Text size="sm">{t('account.factor.recovery')}</Text>
      <Code block data-testid="recovery-codes">
        {codes.join('\n')}
      </Code>
      <Button onClick={onKept} data-testid="recovery-kept">
        {t('account.factor.kept')}
      </Button>
    </Stack>
  );
}
