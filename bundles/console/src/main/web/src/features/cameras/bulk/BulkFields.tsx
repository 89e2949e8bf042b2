// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Autocomplete, NumberInput, Select, Tooltip } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useVolumes } from '../../../api/storage';
import type { Camera, RecordingMode } from '../../../api/types';
import classes from '../CameraDialog.module.css';
import { EventKindsSelect } from '../recording/EventKindsSelect';
import { RETENTION_DAYS_MAX } from '../recording/settings';
import { VolumeOrder } from '../recording/VolumeOrder';
import { BulkSchedule } from './BulkSchedule';
import type { BulkField, BulkValues } from './bulk';
import { Leave } from './Leave';

const MODES: RecordingMode[] = ['continuous', 'scheduled', 'event', 'manual', 'off'];

const NUMBERS = [
  { field: 'retentionDaysMin', min: 0, max: RETENTION_DAYS_MAX, unit: '' },
  { field: 'retentionDaysMax', min: 1, max: RETENTION_DAYS_MAX, unit: '' },
  { field: 'preBufferSeconds', min: 0, max: 60, unit: ' s' },
  { field: 'postBufferSeconds', min: 0, max: 3600, unit: ' s' },
] as const;

interface Props {
  cameras: Camera[];
  /** What all have. */
  common: BulkValues;
  touched: BulkValues;
  groups: string[];
  hasSub: boolean;
  /** Without a value the field is as with each camera again. */
  onTouch: <F extends BulkField>(field: F, value: BulkValues[F]) => void;
}

/** What all cameras have in common, and where they differ; what is touched becomes so for all of them. */
export function BulkFields({ cameras, common, touched, groups, hasSub, onTouch }: Props) {
  const { t } = useTranslation();
  const volumes = useVolumes().data;
  const namesOf = (backup: boolean) =>
    volumes?.filter(({ role }) => (role === 'backup') === backup).map(({ name }) => name);
  const backups = namesOf(true);
  const shown: BulkValues = { ...common, ...touched };
  const about = (field: BulkField) => {
    const mixed = !(field in common) && !(field in touched);
    return {
      label: t(`cameras.field.${field}`),
      placeholder: mixed ? t('bulk.mixed') : undefined,
      'data-mixed': mixed,
      'data-testid': `bulk-${field}`,
      ...(field in touched
        ? {
            rightSection: (
              <Undo name={t(`cameras.field.${field}`)} onUndo={() => onTouch(field, undefined)} />
            ),
            rightSectionPointerEvents: 'all' as const,
          }
        : {}),
    };
  };
  const modes = MODES.map((mode) => ({ value: mode, label: t(`recordingMode.${mode}`) }));
  const onOff = [
    { value: 'true', label: t('bulk.on') },
    { value: 'false', label: t('bulk.off') },
  ];
  return (
    <>
      <div className={classes.two}>
        <Select
          {...about('enabled')}
          data={onOff}
          value={shown.enabled === undefined ? null : String(shown.enabled)}
          onChange={(value) => value !== null && onTouch('enabled', value === 'true')}
          allowDeselect={false}
        />
        <Autocomplete
          {...about('group')}
          data={groups}
          value={shown.group ?? ''}
          onChange={(value) => onTouch('group', value)}
        />
        <Select
          {...about('mainMode')}
          data={modes}
          value={shown.mainMode ?? null}
          onChange={(value) => value !== null && onTouch('mainMode', value as RecordingMode)}
          allowDeselect={false}
        />
        {hasSub && (
          <Select
            {...about('subMode')}
            data={modes}
            value={shown.subMode ?? null}
            onChange={(value) => value !== null && onTouch('subMode', value as RecordingMode)}
            allowDeselect={false}
          />
        )}
        <BulkSchedule cameras={cameras} touched={touched} onTouch={onTouch} />
        {NUMBERS.map(({ field, min, max, unit }) => (
          <NumberInput
            key={field}
            {...about(field)}
            min={min}
            max={max}
            allowDecimal={false}
            suffix={unit}
            value={shown[field] ?? ''}
            error={touched[field] === '' && t('cameras.needed')}
            onChange={(value) => onTouch(field, value)}
          />
        ))}
        <EventKindsSelect
          {...about('eventKinds')}
          value={shown.eventKinds ?? []}
          onChange={(kinds) => onTouch('eventKinds', kinds)}
        />
        <Select
          {...about('fillGaps')}
          data={onOff}
          value={shown.fillGaps === undefined ? null : String(shown.fillGaps)}
          onChange={(value) => value !== null && onTouch('fillGaps', value === 'true')}
          allowDeselect={false}
        />
      </div>
      <VolumeOrder
        label={t('cameras.field.volumes')}
        description={t('cameras.volumesHint')}
        none={shown.volumes ? t('volumeOrder.any') : t('bulk.mixed')}
        known={namesOf(false)}
        value={shown.volumes ?? []}
        onChange={(names) => onTouch('volumes', names)}
        field="volumes"
      />
      {'volumes' in touched && <Leave onUndo={() => onTouch('volumes', undefined)} />}
      {((backups ?? []).length > 0 || shown.backup?.length !== 0) && (
        <VolumeOrder
          label={t('cameras.field.backup')}
          description={t('cameras.backupHint')}
          none={shown.backup ? t('volumeOrder.noBackup') : t('bulk.mixed')}
          known={backups}
          value={shown.backup ?? []}
          onChange={(names) => onTouch('backup', names)}
          field="backup"
        />
      )}
      {'backup' in touched && <Leave onUndo={() => onTouch('backup', undefined)} />}
    </>
  );
}

function Undo({ name, onUndo }: { name: string; onUndo: () => void }) {
  const { t } = useTranslation();
  return (
    <Tooltip label={t('bulk.leave')}>
      <ActionIcon aria-label={`${t('bulk.leave')}: ${name}`} onClick={onUndo}>
        <IconArrowBackUp size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
