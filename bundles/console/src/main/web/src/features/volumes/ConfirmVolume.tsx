// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useVolumeTask, type Volume } from '../../api/storage';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';

interface Props {
  volume: Volume;
  kind: 'retire' | 'remove';
  onClose: () => void;
}

/** Says what will become of the footage before a volume goes. */
export function ConfirmVolume({ volume, kind, onClose }: Props) {
  const { t } = useTranslation();
  const task = useVolumeTask();
  const { name } = volume;
  const removing = kind === 'remove';
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(removing ? 'volumes.removeTitle' : 'volumes.retireTitle', { name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      role="alertdialog"
    >
      <Text size="sm">{t(removing ? 'volumes.removeText' : 'volumes.retireText')}</Text>
      {task.error && (
        <Alert color="red" variant="light" mt="sm" role="alert" data-testid="volume-problem">
          {problemText(task.error)}
        </Alert>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('common.cancel')}
        </Button>
        <Button
          color={removing ? 'red.9' : undefined}
          loading={task.isPending}
          onClick={() =>
            task.mutate(
              { kind, name },
              {
                onSuccess: () => {
                  toast(t(removing ? 'volumes.removed' : 'volumes.retiring', { name }));
                  onClose();
                },
              },
            )
          }
          data-testid="volume-confirm"
        >
          {t(removing ? 'volumes.remove' : 'volumes.retire')}
        </Button>
      </Group>
    </Modal>
  );
}
