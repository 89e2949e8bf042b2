// SPDX-License-Identifier: Apache-2.0
import { Modal, MultiSelect, NumberInput, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEventKinds } from '../../api/events';
import { ApiProblem } from '../../api/problem';
import { useCameras } from '../../api/queries';
import { useWebhookTask, type Webhook, type WebhookChange, webhook } from '../../api/webhooks';
import { DialogActions } from '../../ui/DialogActions';
import { atFields } from '../../ui/formProblem';
import { toast } from '../../ui/toast';
import { kindText } from '../events/kindText';
import { familiesOf, headersOf } from './draft';

const TIMEOUT_S = 10;
const TIMEOUT_S_MAX = 60;
const STALE = 412;
/** What the server names otherwise than the form. */
const FIELDS: Record<string, string> = { timeoutMs: 'timeoutSeconds' };
const SEVERITIES = ['info', 'warning', 'critical'];

interface Values {
  name: string;
  url: string;
  enabled: boolean;
  kinds: string[];
  cameras: string[];
  severity: string;
  timeoutSeconds: number | string;
  /** Whether headers are entered; of one that has some, in place of them. */
  withHeaders: boolean;
  headers: string;
}

const NEW: Values = {
  name: '',
  url: '',
  enabled: true,
  kinds: [],
  cameras: [],
  severity: 'info',
  timeoutSeconds: TIMEOUT_S,
  withHeaders: false,
  headers: '',
};

interface Props {
  /** The one to change; left out for a new one. */
  name?: string;
  /** Told of a new one, with its secret. */
  onMade?: (made: Webhook) => void;
  onClose: () => void;
}

/** Adds a receiver of events, or changes one. What is secret is entered anew or stays, and is never shown. */
export function WebhookDialog({ name, onMade, onClose }: Props) {
  const { t } = useTranslation();
  const task = useWebhookTask();
  const kinds = useEventKinds().data ?? [];
  const cameras = useCameras().data ?? [];
  const [before, setBefore] = useState<{ webhook: Webhook; etag?: string }>();
  const [problem, setProblem] = useState<unknown>();
  const adding = name === undefined;
  const form = useForm<Values>({
    initialValues: NEW,
    validate: {
      name: (value) => (!adding || value.trim() ? null : t('cameras.needed')),
      url: (value) => (value.trim() ? null : t('cameras.needed')),
      timeoutSeconds: (value) =>
        Number(value) > 0 && Number(value) <= TIMEOUT_S_MAX ? null : t('webhooks.timeoutRange'),
      headers: (value, { withHeaders }) =>
        !withHeaders || headersOf(value) ? null : t('webhooks.headersForm'),
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the dialog opens
  useEffect(() => {
    let current = true;
    if (name !== undefined) {
      webhook(name).then(
        (found) => {
          if (current) {
            const { url, enabled, filter, timeoutMs } = found.webhook;
            setBefore(found);
            form.setValues({ ...NEW, ...filter, name, url, enabled, timeoutSeconds: timeoutMs / 1000 });
          }
        },
        (error) => current && setProblem(error),
      );
    }
    return () => {
      current = false;
    };
  }, [name]);

  function submit(values: Values) {
    setProblem(undefined);
    const { url, enabled, severity, withHeaders } = values;
    const change: WebhookChange = {
      url: url.trim(),
      enabled,
      filter: { kinds: values.kinds, cameras: values.cameras, severity },
      timeoutMs: Math.round(Number(values.timeoutSeconds) * 1000),
      ...(withHeaders ? { headers: headersOf(values.headers) ?? {} } : {}),
    };
    const title = name ?? values.name.trim();
    task.mutate(
      adding
        ? { kind: 'add', name: title, change }
        : { kind: 'change', name: title, etag: before?.etag, change },
      {
        onSuccess: (made) => {
          toast(t(adding ? 'webhooks.added' : 'webhooks.saved', { name: title }));
          onClose();
          if (made && adding) {
            onMade?.(made);
          }
        },
        onError: (error) => {
          const stale = error instanceof ApiProblem && error.status === STALE;
          setProblem(stale ? t('webhooks.stale') : atFields(error, form, FIELDS));
          if (error instanceof ApiProblem && error.errors.some(({ field }) => field === 'headers')) {
            form.setFieldValue('withHeaders', true);
          }
        },
      },
    );
  }

  // Of a new one the secret comes with the answer, and is told once.
  const close = () => !(adding && task.isPending) && onClose();
  const { values } = form;
  const known = before?.webhook.headers ?? [];
  const offered = [...new Set([...familiesOf(kinds), ...kinds.map(({ kind }) => kind), ...values.kinds])];
  return (
    <Modal
      opened
      size="lg"
      onClose={close}
      title={adding ? t('webhooks.addTitle') : t('webhooks.editTitle', { name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={form.onSubmit(submit)} noValidate data-testid="webhook-form">
        <Stack gap="sm">
          {adding && (
            <TextInput
              label={t('webhooks.field.name')}
              description={t('webhooks.nameHint')}
              required
              autoComplete="off"
              spellCheck={false}
              data-autofocus
              data-testid="webhook-name"
              {...form.getInputProps('name')}
            />
          )}
          <TextInput
            label={t('webhooks.field.url')}
            description={t('webhooks.urlHint')}
            placeholder="https://receiver.example/events"
            required
            spellCheck={false}
            data-testid="webhook-url"
            {...form.getInputProps('url')}
          />
          <MultiSelect
            label={t('webhooks.field.kinds')}
            placeholder={values.kinds.length === 0 ? t('events.allKinds') : undefined}
            data={offered.map((kind) => ({ value: kind, label: kindText(kind, kinds) }))}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': t('common.clear') }}
            data-testid="webhook-kinds"
            {...form.getInputProps('kinds')}
          />
          <MultiSelect
            label={t('webhooks.field.cameras')}
            placeholder={values.cameras.length === 0 ? t('events.allCameras') : undefined}
            data={[
              ...cameras.map(({ id, name: label }) => ({ value: id, label })),
              ...values.cameras
                .filter((id) => !cameras.some((camera) => camera.id === id))
                .map((id) => ({ value: id, label: id })),
            ]}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': t('common.clear') }}
            data-testid="webhook-cameras"
            {...form.getInputProps('cameras')}
          />
          <Select
            label={t('events.severity')}
            allowDeselect={false}
            data={SEVERITIES.map((value) => ({ value, label: t(`events.severities.${value}`) }))}
            data-testid="webhook-severity"
            {...form.getInputProps('severity')}
          />
          <NumberInput
            label={t('webhooks.field.timeout')}
            description={t('webhooks.timeoutHint')}
            min={1}
            max={TIMEOUT_S_MAX}
            maw={250}
            data-testid="webhook-timeout"
            {...form.getInputProps('timeoutSeconds')}
          />
          <Switch
            label={t(known.length > 0 ? 'webhooks.replaceHeaders' : 'webhooks.withHeaders')}
            description={
              known.length > 0
                ? t('webhooks.headersKept', { names: known.join(', ') })
                : t('webhooks.headersHint')
            }
            data-testid="webhook-with-headers"
            {...form.getInputProps('withHeaders', { type: 'checkbox' })}
          />
          {values.withHeaders && (
            <Textarea
              aria-label={t('webhooks.field.headers')}
              description={t('webhooks.headersForm')}
              placeholder="Authorization: Bearer …"
              autosize
              minRows={2}
              maxRows={8}
              spellCheck={false}
              autoComplete="off"
              data-testid="webhook-headers"
              {...form.getInputProps('headers')}
            />
          )}
          <Switch
            label={t('webhooks.field.enabled')}
            data-testid="webhook-enabled"
            {...form.getInputProps('enabled', { type: 'checkbox' })}
          />
          <DialogActions
            action={t(adding ? 'webhooks.add' : 'common.save')}
            testId="webhook"
            busy={task.isPending}
            toldOnce={adding}
            disabled={!adding && !before}
            error={problem}
            onCancel={close}
            stays
          />
        </Stack>
      </form>
    </Modal>
  );
}
