// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Switch } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useVolumes } from '../../../api/storage';
import classes from '../CameraDialog.module.css';
import type { CameraValues } from '../draft';
import { RETENTION_DAYS_MAX } from './settings';
import { VolumeOrder } from './VolumeOrder';

/** Hints below: those that wrap at different lengths leave the two fields at one height. */
const HINT_BELOW: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];

/** How long a camera's footage is kept, and where. */
export function KeepingFields({ form }: { form: UseFormReturnType<CameraValues> }) {
  const { t } = useTranslation();
  const known = useVolumes().data;
  const backups = (known ?? []).filter(({ role }) => role === 'backup').map(({ name }) => name);
  return (
    <>
      <div className={classes.two}>
        <NumberInput
          label={t('cameras.field.retentionDaysMin')}
          description={t('cameras.retentionMinHint')}
          inputWrapperOrder={HINT_BELOW}
          min={0}
          max={RETENTION_DAYS_MAX}
          allowDecimal={false}
          data-field="retentionDaysMin"
          data-testid="camera-days-min"
          {...form.getInputProps('retentionDaysMin')}
        />
        <NumberInput
          label={t('cameras.field.retentionDaysMax')}
          description={t('cameras.retentionMaxHint')}
          inputWrapperOrder={HINT_BELOW}
          min={1}
          max={RETENTION_DAYS_MAX}
          allowDecimal={false}
          data-field="retentionDaysMax"
          data-testid="camera-days-max"
          {...form.getInputProps('retentionDaysMax')}
        />
      </div>
      <VolumeOrder
        label={t('cameras.field.volumes')}
        description={t('cameras.volumesHint')}
        none={t('volumeOrder.any')}
        known={known?.filter(({ role }) => role !== 'backup').map(({ name }) => name)}
        value={form.values.volumes}
        onChange={(names) => form.setFieldValue('volumes', names)}
        error={form.errors.volumes}
        field="volumes"
      />
      {(backups.length > 0 || form.values.backup.length > 0) && (
        <VolumeOrder
          label={t('cameras.field.backup')}
          description={t('cameras.backupHint')}
          none={t('volumeOrder.noBackup')}
          known={known && backups}
          value={form.values.backup}
          onChange={(names) => form.setFieldValue('backup', names)}
          error={form.errors.backup}
          field="backup"
        />
      )}
      <Switch
        label={t('cameras.field.fillGaps')}
        description={t('cameras.fillGapsHint')}
        data-testid="camera-fill-gaps"
        {...form.getInputProps('fillGaps', { type: 'checkbox' })}
      />
    </>
  );
}
