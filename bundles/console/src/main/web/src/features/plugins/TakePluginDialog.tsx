// SPDX-License-Identifier: Apache-2.0
import {
  Checkbox,
  FileInput,
  Modal,
  Progress,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Plugin, type PluginDraft, usePluginTask } from '../../api/plugins';
import { ApiProblem } from '../../api/problem';
import { useDrivers } from '../../api/queries';
import { SOAK_SECONDS } from '../../api/rollouts';
import { DialogActions } from '../../ui/DialogActions';
import { toast } from '../../ui/toast';
import { Refusal } from './Refusal';
import { TrialFields, type TrialValues, trialOf } from './TrialFields';

interface Values extends TrialValues {
  source: 'file' | 'url';
  file: File | null;
  url: string;
  allowUnsigned: boolean;
  tryFirst: boolean;
}

/** Fields the server names otherwise. */
const FIELDS: Record<string, string> = {
  'trial.cameraId': 'cameraId',
  'trial.soakSeconds': 'soakSeconds',
  url: 'url',
  cameraId: 'cameraId',
  soakSeconds: 'soakSeconds',
};

interface Props {
  /** Whose other version it is; absent for a plugin that is new. */
  plugin?: Plugin;
  /** Chosen already. */
  file?: File;
  onClose: () => void;
}

/** Brings a plugin, or another version of one that is there; a driver's can be tried by one camera first. */
export function TakePluginDialog({ plugin, file: offered, onClose }: Props) {
  const { t } = useTranslation();
  const task = usePluginTask();
  const drivers = useDrivers().data ?? [];
  const [share, setShare] = useState<number>();
  const giveUp = useRef<AbortController>(undefined);
  useEffect(() => () => giveUp.current?.abort(), []);
  const form = useForm<Values>({
    initialValues: {
      source: 'file',
      file: offered ?? null,
      url: '',
      allowUnsigned: false,
      tryFirst: false,
      cameraId: null,
      soakSeconds: SOAK_SECONDS.usual,
    },
    validate: {
      file: (file, { source }) => (source === 'file' && !file ? t('cameras.needed') : null),
      url: (url, { source }) => (source === 'url' && !url.trim() ? t('cameras.needed') : null),
    },
  });
  const { values } = form;
  const driver = plugin && drivers.find(({ bundle }) => bundle === plugin.name);
  const canTry = driver !== undefined && plugin?.state === 'active';

  function submit({ source, file, url, allowUnsigned, tryFirst }: Values) {
    const draft: PluginDraft = {
      ...(source === 'file' && file ? { file } : { url: url.trim() }),
      allowUnsigned,
      updates: plugin?.name,
      trial: canTry && tryFirst ? trialOf(values) : undefined,
    };
    giveUp.current = new AbortController();
    setShare(source === 'file' ? 0 : undefined);
    task.mutate(
      { kind: 'take', draft, onProgress: setShare, signal: giveUp.current.signal },
      {
        onSuccess: (done) => {
          const name = done.plugin?.current.title ?? '';
          const version = (done.plugin?.tried ?? done.plugin?.current)?.version ?? '';
          toast(t(draft.trial ? 'plugins.trialBegun' : 'plugins.taken', { name, version }));
          onClose();
        },
        onError: (error) => {
          for (const { field, detail } of error instanceof ApiProblem ? error.errors : []) {
            const own = FIELDS[field];
            if (own) {
              form.setFieldError(own, detail);
            }
          }
        },
      },
    );
  }

  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={!task.isPending}
      title={plugin ? t('plugins.updateTitle', { name: plugin.current.title }) : t('plugins.installTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={form.onSubmit(submit)} noValidate data-testid="plugin-form">
        <Stack gap="sm">
          <SegmentedControl
            aria-label={t('plugins.field.source')}
            fullWidth
            data={[
              { value: 'file', label: t('plugins.field.fromFile') },
              { value: 'url', label: t('plugins.field.fromUrl') },
            ]}
            data-testid="plugin-source"
            {...form.getInputProps('source')}
          />
          {values.source === 'file' ? (
            <FileInput
              label={t('plugins.field.file')}
              description={t('plugins.fileHint')}
              placeholder={t('plugins.chooseFile')}
              accept=".jar,.kar"
              required
              clearable
              clearButtonProps={{ 'aria-label': t('common.clear') }}
              fileInputProps={{ 'data-testid': 'plugin-file' } as object}
              {...form.getInputProps('file')}
            />
          ) : (
            <TextInput
              label={t('plugins.field.url')}
              description={t('plugins.urlHint')}
              placeholder="mvn:com.example/driver/1.2.0"
              required
              spellCheck={false}
              data-testid="plugin-url"
              {...form.getInputProps('url')}
            />
          )}
          <Checkbox
            label={t('plugins.field.allowUnsigned')}
            description={t('plugins.unsignedHint')}
            data-testid="plugin-unsigned"
            {...form.getInputProps('allowUnsigned', { type: 'checkbox' })}
          />
          {canTry && (
            <Switch
              label={t('plugins.field.tryFirst')}
              description={t('plugins.tryHint')}
              data-testid="plugin-try"
              {...form.getInputProps('tryFirst', { type: 'checkbox' })}
            />
          )}
          {canTry && values.tryFirst && <TrialFields form={form} driver={driver.id} />}
          {task.isPending && <Underway share={share} source={values.source} />}
          {task.error && <Refusal error={task.error} />}
          <DialogActions
            action={t(plugin ? 'plugins.updateNow' : 'plugins.installNow')}
            testId="plugin"
            verb="take"
            busy={task.isPending}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}

/** How far the file is on its way; what the server does then takes a few seconds and has no measure. */
function Underway({ share, source }: { share: number | undefined; source: 'file' | 'url' }) {
  const { t } = useTranslation();
  const sending = share !== undefined && share < 1;
  const text = sending
    ? t('plugins.sending', { percent: Math.round(share * 100) })
    : t(source === 'file' ? 'plugins.checking' : 'plugins.fetching');
  return (
    <div role="status" data-testid="plugin-progress">
      <Text size="xs" mb={4}>
        {text}
      </Text>
      <Progress
        size="sm"
        value={sending ? share * 100 : 100}
        animated={!sending}
        striped={!sending}
        aria-label={text}
      />
    </div>
  );
}
