// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Code, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHealth } from '../../api/queries';
import { useWebhooks, useWebhookTask, type Webhook } from '../../api/webhooks';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Guarded, PageFrame } from '../../ui/PageFrame';
import { SecretDialog } from '../../ui/SecretDialog';
import { WebhookCard } from './WebhookCard';
import { WebhookDialog } from './WebhookDialog';
import classes from './WebhooksPage.module.css';

const FEATURE = 'nxvms-integration-webhook';
/** What they are called among the parts of the server's health. */
const PART = 'webhooks';

type Open = { dialog: 'add' } | { dialog: 'edit' | 'secret' | 'remove'; webhook: Webhook };

/** Where events are sent, how that goes, and what never arrived. */
export function WebhooksPage() {
  return (
    <Guarded by="manage_webhooks" testId="webhooks">
      <Webhooks />
    </Guarded>
  );
}

function Webhooks() {
  const { t } = useTranslation();
  const health = useHealth();
  // Where they are installed they are a part of the server's health; asked for elsewhere they were an error of the browser.
  const installed = health.data?.parts.some(({ name }) => name === PART);
  const webhooks = useWebhooks(installed === true);
  const [open, setOpen] = useState<Open>();
  const [made, setMade] = useState<Webhook>();
  const close = () => setOpen(undefined);
  const absent = installed === false;
  return (
    <PageFrame
      title={t('webhooks.title')}
      text={t('webhooks.explained')}
      error={absent ? undefined : (webhooks.error ?? (health.data ? undefined : health.error))}
      actions={
        !absent && (
          <Button
            size="xs"
            leftSection={<IconPlus size={16} />}
            onClick={() => setOpen({ dialog: 'add' })}
            data-testid="webhook-add"
          >
            {t('webhooks.add')}
          </Button>
        )
      }
    >
      {absent && (
        <Alert
          color="blue"
          variant="light"
          title={t('webhooks.absent')}
          maw={680}
          data-testid="webhooks-absent"
        >
          {t('webhooks.absentText')} <Code>{`./nxvms shell 'feature:install ${FEATURE}'`}</Code>
        </Alert>
      )}
      {webhooks.data?.length === 0 && (
        <Text size="sm" c="dimmed" data-testid="webhooks-none">
          {t('webhooks.none')}
        </Text>
      )}
      <div className={classes.grid}>
        {webhooks.data?.map((webhook) => (
          <WebhookCard
            key={webhook.name}
            webhook={webhook}
            onOpen={(dialog) => setOpen({ dialog, webhook })}
          />
        ))}
      </div>
      {open?.dialog === 'add' && <WebhookDialog onClose={close} onMade={setMade} />}
      {open?.dialog === 'edit' && <WebhookDialog name={open.webhook.name} onClose={close} />}
      {open?.dialog === 'secret' && (
        <NewSecretDialog name={open.webhook.name} onMade={setMade} onClose={close} />
      )}
      {open?.dialog === 'remove' && <RemoveDialog name={open.webhook.name} onClose={close} />}
      {made?.secret && (
        <SecretDialog
          title={t('webhooks.secretTitle', { name: made.name })}
          text={t('webhooks.secretText')}
          label={t('webhooks.secret')}
          secret={made.secret}
          testId="webhook"
          onKept={() => setMade(undefined)}
        />
      )}
    </PageFrame>
  );
}

interface NewSecretProps {
  name: string;
  onMade: (webhook: Webhook) => void;
  onClose: () => void;
}

function NewSecretDialog({ name, onMade, onClose }: NewSecretProps) {
  const { t } = useTranslation();
  const task = useWebhookTask();
  return (
    <ConfirmDialog
      title={t('webhooks.newSecretTitle', { name })}
      text={t('webhooks.newSecretText')}
      action={t('webhooks.newSecretNow')}
      toldOnce
      task={{
        ...task,
        mutate: (value: string, on) =>
          task.mutate(
            { kind: 'secret', name: value },
            {
              onSuccess: (webhook) => {
                on.onSuccess();
                if (webhook) {
                  onMade(webhook);
                }
              },
            },
          ),
      }}
      value={name}
      done={t('webhooks.saved', { name })}
      testId="webhook"
      onClose={onClose}
    />
  );
}

function RemoveDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <ConfirmDialog
      title={t('webhooks.removeTitle', { name })}
      text={t('webhooks.removeText')}
      action={t('webhooks.remove')}
      danger
      task={useWebhookTask()}
      value={{ kind: 'remove' as const, name }}
      done={t('webhooks.removed', { name })}
      testId="webhook"
      onClose={onClose}
    />
  );
}
