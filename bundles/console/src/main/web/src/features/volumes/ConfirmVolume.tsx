// SPDX-License-Identifier: Apache-2.0
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

/** Says what will become of the footage before a volume is taken out of use. */
export function RemoveVolume({ volume, onClose }: Props) {
  const { t } = useTranslation();
  const { name } = volume;
  const value: VolumeTask = { kind: 'remove', name };
  return (
    <ConfirmDialog
      title={t('volumes.removeTitle', { name })}
      text={t('volumes.removeText')}
      action={t('volumes.remove')}
      danger
      task={useVolumeTask()}
      value={value}
      done={t('volumes.removed', { name })}
      testId="volume"
      onClose={onClose}
    />
  );
}
