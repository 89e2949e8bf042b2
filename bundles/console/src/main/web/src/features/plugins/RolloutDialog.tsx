// SPDX-License-Identifier: Apache-2.0
import { Modal, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../api/problem';
import { SOAK_SECONDS, useRolloutTask } from '../../api/rollouts';
import type { Driver } from '../../api/types';
import { DialogActions } from '../../ui/DialogActions';
import { toast } from '../../ui/toast';
import { TrialFields, type TrialValues, trialOf } from './TrialFields';

/** Moves the cameras of a driver to another version: one first, then all. */
export function RolloutDialog({ from, to, onClose }: { from: Driver; to: Driver; onClose: () => void }) {
  const { t } = useTranslation();
  const task = useRolloutTask();
  const form = useForm<TrialValues>({
    initialValues: { cameraId: null, soakSeconds: SOAK_SECONDS.usual },
  });
  const versions = { name: to.name, from: from.version, to: to.version };
  const submit = (values: TrialValues) =>
    task.mutate(
      { kind: 'begin', draft: { driver: to.id, version: to.version, ...trialOf(values) } },
      {
        onSuccess: () => {
          toast(t('rollout.begun', versions));
          onClose();
        },
        onError: (error) => {
          for (const { field, detail } of error instanceof ApiProblem ? error.errors : []) {
            if (field in form.values) {
              form.setFieldError(field, detail);
            }
          }
        },
      },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('rollout.title', versions)}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={form.onSubmit(submit)} noValidate data-testid="rollout-form">
        <Stack gap="sm">
          <Text size="sm">{t('rollout.text', versions)}</Text>
          <TrialFields form={form} driver={to.id} />
          <DialogActions
            action={t('rollout.begin')}
            testId="rollout"
            verb="begin"
            busy={task.isPending}
            error={task.error}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
