// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, FileButton, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type TrustedCertificate, useDistrust, useTrust, useTrustedCertificates } from '../../api/plugins';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { DialogActions } from '../../ui/DialogActions';
import { problemText } from '../../ui/problemText';
import { dateTime } from '../../ui/time';
import { toast } from '../../ui/toast';
import { fingerprint, hasDigests } from './fingerprint';
import classes from './PluginsPage.module.css';

/** A certificate is some kilobytes; what is larger is another file. */
const PEM_BYTES_MAX = 64 * 1024;

/** Whose plugins are taken. */
export function TrustedCertificates() {
  const { t } = useTranslation();
  const trusted = useTrustedCertificates();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<TrustedCertificate>();
  return (
    <>
      <Group justify="space-between" gap="sm" mb="md" align="flex-start">
        <Text size="sm" c="dimmed" maw={640}>
          {t('trust.explained')}
        </Text>
        <Button
          size="xs"
          leftSection={<IconPlus size={16} />}
          onClick={() => setAdding(true)}
          data-testid="trust-add"
        >
          {t('trust.add')}
        </Button>
      </Group>
      {trusted.error && (
        <Alert color="red" mb="sm" variant="light">
          {problemText(trusted.error)}
        </Alert>
      )}
      {trusted.data?.length === 0 && (
        <Text size="sm" c="dimmed" data-testid="trust-none">
          {t('trust.none')}
        </Text>
      )}
      <div className={classes.grid}>
        {trusted.data?.map((certificate) => (
          <section
            key={certificate.sha256}
            className={classes.card}
            aria-label={certificate.subject}
            data-testid={`trust-${certificate.sha256}`}
          >
            <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
              {certificate.subject}
            </Text>
            <span className={classes.code} style={{ overflowWrap: 'anywhere' }}>
              {`SHA-256 ${certificate.sha256}`}
            </span>
            <Group justify="space-between" mt="xs" gap="xs">
              <Text size="xs" c="dimmed">
                {t('trust.expires', { time: dateTime(Date.parse(certificate.expires)) })}
              </Text>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => setRemoving(certificate)}
                aria-label={`${t('trust.remove')}: ${certificate.subject}`}
                data-testid={`trust-remove-${certificate.sha256}`}
              >
                {t('trust.remove')}
              </Button>
            </Group>
          </section>
        ))}
      </div>
      {adding && <TrustDialog onClose={() => setAdding(false)} />}
      {removing && <DistrustDialog certificate={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

function DistrustDialog({ certificate, onClose }: { certificate: TrustedCertificate; onClose: () => void }) {
  const { t } = useTranslation();
  const name = certificate.subject;
  return (
    <ConfirmDialog
      title={t('trust.removeTitle', { name })}
      text={t('trust.removeText')}
      action={t('trust.remove')}
      danger
      task={useDistrust()}
      value={certificate.sha256}
      done={t('trust.removed', { name })}
      testId="trust"
      onClose={onClose}
    />
  );
}

/** The text of a certificate, from a file or pasted. */
function TrustDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const task = useTrust();
  const [pem, setPem] = useState('');
  const [fault, setFault] = useState<string>();
  const [sha256, setSha256] = useState<string>();
  useEffect(() => {
    let current = true;
    void fingerprint(pem).then((digest) => current && setSha256(digest));
    return () => {
      current = false;
    };
  }, [pem]);
  async function read(file: File | null) {
    if (file && file.size <= PEM_BYTES_MAX) {
      setFault(undefined);
      setPem(await file.text());
    } else if (file) {
      setFault(t('trust.tooLarge', { name: file.name }));
    }
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!pem.trim()) {
      setFault(t('cameras.needed'));
      return;
    }
    task.mutate(pem, {
      onSuccess: (added) => {
        toast(t('trust.added', { name: added.subject }));
        onClose();
      },
    });
  }
  const error = fault ?? (task.error ? problemText(task.error) : undefined);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('trust.addTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} noValidate data-testid="trust-form">
        <Stack gap="sm">
          <Text size="sm">{t('trust.addText')}</Text>
          <Textarea
            label={t('trust.pem')}
            required
            autosize
            minRows={6}
            maxRows={12}
            spellCheck={false}
            placeholder="-----BEGIN CERTIFICATE-----"
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.72rem' } }}
            value={pem}
            onChange={(event) => {
              setFault(undefined);
              setPem(event.currentTarget.value);
            }}
            error={error}
            data-testid="trust-pem"
          />
          {!hasDigests() && (
            <Alert color="yellow" variant="light" p="xs" data-testid="trust-no-digest">
              {t('trust.noDigest')}
            </Alert>
          )}
          {sha256 && (
            <span className={classes.code} style={{ overflowWrap: 'anywhere' }} data-testid="trust-sha256">
              {`SHA-256 ${sha256}`}
            </span>
          )}
          <DialogActions action={t('trust.add')} testId="trust" busy={task.isPending} onCancel={onClose}>
            <FileButton onChange={(file) => void read(file)} accept=".pem,.crt,.cer">
              {(props) => (
                <Button {...props} variant="default" size="xs">
                  {t('trust.fromFile')}
                </Button>
              )}
            </FileButton>
          </DialogActions>
        </Stack>
      </form>
    </Modal>
  );
}
