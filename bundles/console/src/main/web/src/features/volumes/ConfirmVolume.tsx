// SPDX-License-Identifier: Apache-2.0
import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useVolumeTask, type Volume, type VolumeTask } from '../../api/storage';
import { ConfirmDialog } from '../../ui/ConfirmDialog';

interface Props {
  volume: Volume;
  onClose: () => void;
}

/** Says what will become of the footage before a volume is emptied. */
export function RetireVolume({ volume, onClose }: Props) {
  const { t } = useTranslation();
  const { name } = volume;
  const value: VolumeTask = { kind: 'retire', name };
  return (
    <ConfirmDialog
      title={t('volumes.retireTitle', { name })}
      text={t('volumes.retireText')}
      action={t('volumes.retire')}
      task={useVolumeTask()}
      value={value}
      done={t('volumes.retiring', { name })}
      testId="volume"
      onClose={onClose}
    />
  );
}

/** A volume with footage is emptied first, or its footage is left on it on purpose. */
export function RemoveVolume({ volume, onClose }: Props) {
  const { t } = useTranslation();
  const [keepFiles, setKeepFiles] = useState(false);
  const { name } = volume;
  const value: VolumeTask = { kind: 'remove', name, keepFiles };
  return (
    <ConfirmDialog
      title={t('volumes.removeTitle', { name })}
      text={t(volume.role === 'backup' ? 'volumes.removeBackupText' : 'volumes.removeText')}
      action={t('volumes.remove')}
      danger
      task={useVolumeTask()}
      value={value}
      done={t('volumes.removed', { name })}
      testId="volume"
      onClose={onClose}
    >
      <Checkbox
        mt="md"
        label={t('volumes.keepFiles')}
        description={t('volumes.keepFilesHint')}
        checked={keepFiles}
        onChange={(event) => setKeepFiles(event.currentTarget.checked)}
        data-testid="volume-keep-files"
      />
    </ConfirmDialog>
  );
}
