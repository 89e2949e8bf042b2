// SPDX-License-Identifier: Apache-2.0
import { Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Export, useLockedPackage } from '../../api/exports';
import { DialogActions } from '../../ui/DialogActions';
import { saveFile } from '../../ui/download';
import { toast } from '../../ui/toast';

/** As the server takes them. */
const CHARS_MIN = 8;
const CHARS_MAX = 128;
/** Programs that open such files agree on the bytes of these and no others. */
const PLAIN = /^[ -~]*$/;

interface Props {
  item: Export;
  onClose: () => void;
}

/** A package to take away that a password opens. Who leaves breaks its sending off. */
export function LockedDialog({ item, onClose }: Props) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const leaving = useRef(new AbortController());
  const fetched = useLockedPackage();
  useEffect(() => {
    const { current } = leaving;
    return () => current.abort();
  }, []);

  const plain = PLAIN.test(password);
  const long = password.length >= CHARS_MIN && password.length <= CHARS_MAX;

  function submit(event: FormEvent) {
    event.preventDefault();
    fetched.mutate(
      { id: item.id, password, signal: leaving.current.signal },
      {
        onSuccess: ({ blob, name }) => {
          saveFile(blob, name);
          toast(t('exports.lockedDone'));
          onClose();
        },
      },
    );
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('exports.lockedTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} data-testid="export-locked-form">
        <Stack gap="sm">
          <Text size="sm">{t('exports.lockedText')}</Text>
          <PasswordInput
            label={t('exports.password')}
            description={t('exports.passwordRule')}
            error={plain ? undefined : t('exports.passwordPlain')}
            value={password}
            maxLength={CHARS_MAX}
            autoComplete="new-password"
            onChange={(event) => setPassword(event.currentTarget.value)}
            data-testid="export-password"
            data-autofocus
          />
          <PasswordInput
            label={t('exports.passwordAgain')}
            error={again && again !== password ? t('exports.passwordOther') : undefined}
            value={again}
            maxLength={CHARS_MAX}
            autoComplete="new-password"
            onChange={(event) => setAgain(event.currentTarget.value)}
            data-testid="export-password-again"
          />
          {fetched.isPending && (
            <Text size="sm" role="status">
              {t('exports.lockedBusy')}
            </Text>
          )}
          <DialogActions
            action={t('exports.download')}
            testId="export-locked"
            busy={fetched.isPending}
            error={fetched.error}
            disabled={!plain || !long || again !== password}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
