// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Text } from '@mantine/core';
import { IconDeviceGamepad2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mover } from '../useMove';
import { GamepadDialog } from './GamepadDialog';
import { useGamepad } from './useGamepad';
import { useFirstPad } from './usePads';

interface Props {
  mover: Mover;
  goPreset: (number: number) => void;
}

/** Which gamepad moves the camera, and what its buttons do. */
export function GamepadSection({ mover, goPreset }: Props) {
  const { t } = useTranslation();
  const pad = useFirstPad();
  const [assigning, setAssigning] = useState(false);
  useGamepad({ mover, goPreset }, assigning);
  return (
    <Group gap={8} mt="md" wrap="nowrap" data-testid="gamepad" data-pad={pad}>
      <IconDeviceGamepad2 size={18} aria-hidden />
      <Text size="xs" c="dimmed" flex={1} lineClamp={2}>
        {pad ?? t('gamepad.none')}
      </Text>
      {pad !== undefined && (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => setAssigning(true)}
          data-testid="gamepad-assign"
        >
          {t('gamepad.assign')}
        </Button>
      )}
      {assigning && pad !== undefined && <GamepadDialog pad={pad} onClose={() => setAssigning(false)} />}
    </Group>
  );
}
