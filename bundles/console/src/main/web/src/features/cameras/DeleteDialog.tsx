// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useDeleteCamera } from '../../api/queries';
import type { Camera } from '../../api/types';
import { ConfirmDialog } from '../../ui/ConfirmDialog';

export function DeleteDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { t } = useTranslation();
  const { name } = camera;
  return (
    <ConfirmDialog
      title={t('cameras.deleteTitle', { name })}
      text={t('cameras.deleteText')}
      action={t('cameras.delete')}
      danger
      task={useDeleteCamera()}
      value={camera}
      done={t('cameras.deleted', { name })}
      testId="camera-delete"
      onClose={onClose}
    />
  );
}
