// SPDX-License-Identifier: Apache-2.0
import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PresetTask, type PtzPreset, usePresetTask } from '../../api/control';
import type { Camera } from '../../api/types';
import { ConfirmDialog } from '../../ui/ConfirmDialog';

export const NAME_CHARS_MAX = 64;

interface Props {
  camera: Camera;
  preset: PtzPreset;
  /** Another name where it is, or the same where the camera looks. */
  what: 'name' | 'here';
  onClose: () => void;
}

/** Keeps a position anew; what that does to the camera is said before. */
export function ChangePreset({ camera, preset, what, onClose }: Props) {
  const { t } = useTranslation();
  const task = usePresetTask(camera.id);
  const [name, setName] = useState(preset.name);
  const wanted = name.trim();
  const { token } = preset;
  const shown = preset.home ? t('control.homePosition') : preset.name;
  const value: PresetTask =
    what === 'name' ? { kind: 'rename', token, name: wanted } : { kind: 'here', token };
  const done =
    what === 'name' ? t('control.renamed', { name: wanted }) : t('control.keptHere', { name: shown });
  return (
    <ConfirmDialog
      title={t(what === 'name' ? 'control.renameTitle' : 'control.hereTitle', { name: shown })}
      text={t(what === 'name' ? 'control.renameText' : 'control.hereText')}
      action={t(what === 'name' ? 'control.rename' : 'control.here')}
      disabled={what === 'name' && (wanted === '' || wanted === preset.name)}
      task={task}
      value={value}
      done={done}
      testId="preset"
      onClose={onClose}
    >
      {what === 'name' && (
        <TextInput
          label={t('control.presetName')}
          maxLength={NAME_CHARS_MAX}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
          data-testid="preset-new-name"
        />
      )}
      {task.isPending && what === 'name' && (
        <Text size="xs" c="dimmed" role="status">
          {t('control.turning')}
        </Text>
      )}
    </ConfirmDialog>
  );
}
