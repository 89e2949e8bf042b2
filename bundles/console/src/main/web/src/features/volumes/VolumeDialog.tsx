// SPDX-License-Identifier: Apache-2.0
import { Group, Modal, NumberInput, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../api/problem';
import { useVolumeLimits, useVolumeTask, type VolumeLimits } from '../../api/storage';
import { DialogActions } from '../../ui/DialogActions';
import { toast } from '../../ui/toast';

const GIB = 1024 ** 3;
const RESERVE_PERCENT = 5;
const WEIGHT = 100;
const ENCRYPTION = 'aes-256-gcm';
const DAYS_MAX = 3650;
/** What the server names otherwise than the form. */
const FIELDS: Record<string, string> = { quotaBytes: 'quotaGib', encryption: 'encrypted', role: 'backup' };

interface Values {
  name: string;
  path: string;
  create: boolean;
  quotaGib: number | string;
  reservePercent: number | string;
  weight: number | string;
  backup: boolean;
  encrypted: boolean;
  retentionDaysMin: number | string;
  retentionDaysMax: number | string;
}

/** Days and encryption where they are not what they were, so that what nobody set stays as it is. */
function moreLimits(values: Values, before: VolumeLimits | undefined): VolumeLimits {
  const wanted = {
    encryption: values.encrypted ? ENCRYPTION : 'none',
    retentionDaysMin: Number(values.retentionDaysMin || 0),
    retentionDaysMax: Number(values.retentionDaysMax || -1),
  };
  const { encryption = 'none', retentionDaysMin = 0, retentionDaysMax = -1 } = before ?? {};
  return {
    ...(wanted.encryption === encryption ? {} : { encryption: wanted.encryption }),
    ...(wanted.retentionDaysMin === retentionDaysMin ? {} : { retentionDaysMin: wanted.retentionDaysMin }),
    ...(wanted.retentionDaysMax === retentionDaysMax ? {} : { retentionDaysMax: wanted.retentionDaysMax }),
  };
}

/** Adds a volume, or changes how much of one is used. */
export function VolumeDialog({ name, onClose }: { name?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const before = useVolumeLimits(name).data;
  const task = useVolumeTask();
  const [problem, setProblem] = useState<unknown>();
  const adding = name === undefined;
  const form = useForm<Values>({
    initialValues: {
      name: name ?? '',
      path: '',
      create: false,
      quotaGib: '',
      reservePercent: RESERVE_PERCENT,
      weight: WEIGHT,
      backup: false,
      encrypted: false,
      retentionDaysMin: '',
      retentionDaysMax: '',
    },
    validate: {
      name: (value) => (value.trim() ? null : t('cameras.needed')),
      path: (value) => (!adding || value.trim() ? null : t('cameras.needed')),
      // An emptied field reads as 0, which would take the reserve or the volume's share away.
      reservePercent: (value) => (value === '' ? t('cameras.needed') : null),
      weight: (value) => (value === '' ? t('cameras.needed') : null),
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the limits are known
  useEffect(() => {
    if (before) {
      const { quotaBytes = -1, reservePercent = RESERVE_PERCENT, weight = WEIGHT } = before;
      const { retentionDaysMin = 0, retentionDaysMax = -1 } = before;
      form.setValues({
        quotaGib: quotaBytes < 0 ? '' : quotaBytes / GIB,
        reservePercent,
        weight,
        backup: before.role === 'backup',
        encrypted: before.encryption === ENCRYPTION,
        retentionDaysMin: retentionDaysMin > 0 ? retentionDaysMin : '',
        retentionDaysMax: retentionDaysMax > 0 ? retentionDaysMax : '',
      });
    }
  }, [before]);

  function submit(values: Values) {
    setProblem(undefined);
    const limits: VolumeLimits = {
      quotaBytes: values.quotaGib === '' ? -1 : Math.round(Number(values.quotaGib) * GIB),
      reservePercent: Number(values.reservePercent),
      weight: Number(values.weight),
      ...moreLimits(values, before),
    };
    const title = values.name.trim();
    task.mutate(
      adding
        ? {
            kind: 'add',
            draft: {
              name: title,
              path: values.path.trim(),
              create: values.create,
              ...(values.backup ? { role: 'backup' } : {}),
              ...limits,
            },
          }
        : { kind: 'change', name, limits },
      {
        onSuccess: () => {
          toast(t(adding ? 'volumes.added' : 'volumes.saved', { name: title }));
          onClose();
        },
        onError: (error) => {
          const fields = error instanceof ApiProblem ? error.errors : [];
          const known = fields.filter(({ field }) => (FIELDS[field] ?? field) in form.values);
          for (const { field, detail } of known) {
            form.setFieldError(FIELDS[field] ?? field, detail);
          }
          setProblem(known.length > 0 ? undefined : error);
        },
      },
    );
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={adding ? t('volumes.addTitle') : t('volumes.editTitle', { name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={form.onSubmit(submit)} noValidate data-testid="volume-form">
        <Stack gap="sm">
          {adding && (
            <>
              <TextInput
                label={t('volumes.field.name')}
                required
                data-autofocus
                data-testid="volume-name"
                {...form.getInputProps('name')}
              />
              <TextInput
                label={t('volumes.field.path')}
                description={t('volumes.pathHint')}
                required
                placeholder="/srv/footage"
                spellCheck={false}
                data-testid="volume-path"
                {...form.getInputProps('path')}
              />
              <Switch
                label={t('volumes.field.create')}
                {...form.getInputProps('create', { type: 'checkbox' })}
              />
              <Switch
                label={t('volumes.field.backup')}
                description={t('volumes.backupHint')}
                data-testid="volume-backup"
                {...form.getInputProps('backup', { type: 'checkbox' })}
              />
            </>
          )}
          <NumberInput
            label={t('volumes.field.quota')}
            description={t('volumes.quotaHint')}
            min={1}
            suffix=" GiB"
            data-testid="volume-quota"
            {...form.getInputProps('quotaGib')}
          />
          <NumberInput
            label={t('volumes.field.reserve')}
            min={0}
            max={90}
            suffix=" %"
            {...form.getInputProps('reservePercent')}
          />
          {!form.values.backup && (
            <NumberInput
              label={t('volumes.field.weight')}
              description={t('volumes.weightHint')}
              min={0}
              max={1000}
              allowDecimal={false}
              data-testid="volume-weight"
              {...form.getInputProps('weight')}
            />
          )}
          <Group grow align="flex-start">
            <NumberInput
              label={t('volumes.field.daysMin')}
              min={0}
              max={DAYS_MAX}
              allowDecimal={false}
              data-testid="volume-days-min"
              {...form.getInputProps('retentionDaysMin')}
            />
            <NumberInput
              label={t('volumes.field.daysMax')}
              min={1}
              max={DAYS_MAX}
              allowDecimal={false}
              data-testid="volume-days-max"
              {...form.getInputProps('retentionDaysMax')}
            />
          </Group>
          <Text size="xs" c="dimmed" mt={-6}>
            {t('volumes.daysHint')}
          </Text>
          <Switch
            label={t('volumes.field.encrypted')}
            description={t(form.values.backup ? 'volumes.encryptedBackupHint' : 'volumes.encryptedHint')}
            data-testid="volume-encrypt"
            {...form.getInputProps('encrypted', { type: 'checkbox' })}
          />
          <DialogActions
            action={t(adding ? 'volumes.add' : 'common.save')}
            testId="volume"
            busy={task.isPending}
            disabled={!adding && !before}
            error={problem}
            onCancel={onClose}
            stays
          />
        </Stack>
      </form>
    </Modal>
  );
}
