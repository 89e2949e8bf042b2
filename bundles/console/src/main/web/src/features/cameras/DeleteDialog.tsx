// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useDeleteCamera } from '../../api/queries';
import type { Camera } from '../../api/types';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';

export function DeleteDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useDeleteCamera();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('cameras.deleteTitle', { name: camera.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      role="alertdialog"
    >
      <Text size="sm">{t('cameras.deleteText')}</Text>
      {remove.error && (
        <Alert color="red" variant="light" mt="sm">
          {problemText(remove.error)}
        </Alert>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('common.cancel')}
        </Button>
        <Button
          color="red.9"
          loading={remove.isPending}
          onClick={() =>
            remove.mutate(camera, {
              onSuccess: () => {
                toast(t('cameras.deleted', { name: camera.name }));
                onClose();
              },
            })
          }
          data-testid="camera-delete-confirm"
        >
          {t('cameras.delete')}
        </Button>
      </Group>
    </Modal>
  );
}
