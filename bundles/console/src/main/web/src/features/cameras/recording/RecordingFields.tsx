// SPDX-License-Identifier: Apache-2.0
import { Autocomplete, MultiSelect, NumberInput, Select, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useEventKinds } from '../../../api/events';
import type { RecordingMode } from '../../../api/types';
import { kindText } from '../../events/kindText';
import classes from '../CameraDialog.module.css';
import type { CameraValues } from '../draft';
import { KeepingFields } from './KeepingFields';
import { isOnEvents, isScheduled } from './settings';
import { WeekGrid } from './WeekGrid';

const MODES: RecordingMode[] = ['continuous', 'scheduled', 'event', 'manual', 'off'];
const KINDS = ['camera.motion', 'camera.input', 'camera.tamper', 'camera.manual', 'camera.*'];

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
        <>
          <WeekGrid
            value={form.values.week}
            onChange={(week) => form.setFieldValue('week', week)}
            error={form.errors.week}
          />
          <Autocomplete
            label={t('schedule.timeZone')}
            description={t('schedule.timeZoneHint')}
            data={Intl.supportedValuesOf('timeZone')}
            limit={50}
            data-field="timeZone"
            {...form.getInputProps('timeZone')}
          />
        </>
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
          <EventKindsField form={form} />
        </div>
      )}
      <KeepingFields form={form} />
    </Stack>
  );
}

/** By their names; what is set already stays to be chosen, even when nobody describes it. */
function EventKindsField({ form }: { form: UseFormReturnType<CameraValues> }) {
  const { t } = useTranslation();
  const known = useEventKinds().data ?? [];
  const external = known.filter((kind) => kind.external).map(({ kind }) => kind);
  const kinds = [...new Set([...KINDS, ...external, ...form.values.eventKinds])];
  return (
    <MultiSelect
      className={classes.whole}
      label={t('cameras.field.eventKinds')}
      data={kinds.map((kind) => ({ value: kind, label: kindText(kind, known) }))}
      searchable
      hidePickedOptions
      data-field="eventKinds"
      data-testid="camera-event-kinds"
      {...form.getInputProps('eventKinds')}
    />
  );
}
