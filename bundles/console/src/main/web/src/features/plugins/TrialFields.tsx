// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Select } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { TrialDraft } from '../../api/plugins';
import { useCameras } from '../../api/queries';
import { SOAK_SECONDS } from '../../api/rollouts';

export interface TrialValues {
  cameraId: string | null;
  soakSeconds: number | string;
}

/** What is sent; an emptied field is the usual time. */
export function trialOf({ cameraId, soakSeconds }: TrialValues): TrialDraft {
  return {
    ...(cameraId ? { cameraId } : {}),
    soakSeconds: soakSeconds === '' ? SOAK_SECONDS.usual : Number(soakSeconds),
  };
}

interface Props<V extends TrialValues> {
  form: UseFormReturnType<V>;
  driver: string;
}

/** Which camera goes first, and how long it is watched. */
export function TrialFields<V extends TrialValues>({ form, driver }: Props<V>) {
  const { t } = useTranslation();
  const cameras = useCameras().data ?? [];
  return (
    <>
      <Select
        label={t('rollout.field.camera')}
        description={t('rollout.cameraHint')}
        placeholder={t('rollout.anyCamera')}
        clearable
        searchable
        data={cameras
          .filter((camera) => camera.driver === driver && camera.enabled)
          .map((camera) => ({ value: camera.id, label: camera.name }))}
        data-testid="trial-camera"
        {...form.getInputProps('cameraId')}
      />
      <NumberInput
        label={t('rollout.field.soak')}
        description={t('rollout.soakHint')}
        min={SOAK_SECONDS.min}
        max={SOAK_SECONDS.max}
        suffix=" s"
        allowDecimal={false}
        data-testid="trial-soak"
        {...form.getInputProps('soakSeconds')}
      />
    </>
  );
}
