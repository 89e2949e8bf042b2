// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Select, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { RecordingMode } from '../../../api/types';
import classes from '../CameraDialog.module.css';
import type { CameraValues } from '../draft';
import { EventKindsSelect } from './EventKindsSelect';
import { KeepingFields } from './KeepingFields';
import { ScheduleFields } from './ScheduleFields';
import { isOnEvents, isScheduled } from './settings';

const MODES: RecordingMode[] = ['continuous', 'scheduled', 'event', 'manual', 'off'];

/** When a camera's streams are recorded, how long that is kept, and where. */
export function RecordingFields({
  form,
  hasSub,
}: {
  form: UseFormReturnType<CameraValues>;
  hasSub: boolean;
}) {
  const { t } = useTranslation();
  const modes = MODES.map((mode) => ({ value: mode, label: t(`recordingMode.${mode}`) }));
  return (
    <Stack gap="sm">
      <div className={classes.two}>
        <Select
          label={t('cameras.field.mainMode')}
          allowDeselect={false}
          data={modes}
          data-field="mainMode"
          data-testid="camera-main-mode"
          {...form.getInputProps('mainMode')}
        />
        {hasSub && (
          <Select
            label={t('cameras.field.subMode')}
            allowDeselect={false}
            data={modes}
            data-field="subMode"
            data-testid="camera-sub-mode"
            {...form.getInputProps('subMode')}
          />
        )}
      </div>
      {isScheduled(form.values) && (
        <ScheduleFields
          week={form.values.week}
          onWeek={(week) => form.setFieldValue('week', week)}
          weekError={form.errors.week}
          timeZone={form.getInputProps('timeZone')}
        />
      )}
      {isOnEvents(form.values) && (
        <div className={classes.two}>
          <NumberInput
            label={t('cameras.field.preBufferSeconds')}
            min={0}
            max={60}
            allowDecimal={false}
            suffix=" s"
            data-field="preBufferSeconds"
            {...form.getInputProps('preBufferSeconds')}
          />
          <NumberInput
            label={t('cameras.field.postBufferSeconds')}
            min={0}
            max={3600}
            allowDecimal={false}
            suffix=" s"
            data-field="postBufferSeconds"
            {...form.getInputProps('postBufferSeconds')}
          />
          <EventKindsSelect
            className={classes.whole}
            data-field="eventKinds"
            data-testid="camera-event-kinds"
            {...form.getInputProps('eventKinds')}
          />
        </div>
      )}
      <KeepingFields form={form} />
    </Stack>
  );
}
