// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { IconVolume, IconVolumeOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';

const LOOK_MS = 500;

/** Not kept: a browser plays sound only after the user has done something on the page. */
export const useListening = create<{ on: boolean; toggle: () => void }>()((set) => ({
  on: false,
  toggle: () => set(({ on }) => ({ on: !on })),
}));

/** Whether footage is to be heard, too; that of one camera at a time. */
export function ListenButton({ player }: { player?: ArchiveEngine }) {
  const { t } = useTranslation();
  const { on, toggle } = useListening();
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    if (player && on) {
      player.listen(true);
      const timer = setInterval(() => setSilent(player.stats().sound === false), LOOK_MS);
      return () => {
        clearInterval(timer);
        setSilent(false);
        player.listen(false);
      };
    }
  }, [player, on]);
  const label = t(on ? 'playback.mute' : 'playback.listen');
  return (
    <Group gap={4} wrap="nowrap">
      <Tooltip label={label}>
        <ActionIcon
          size="lg"
          aria-label={label}
          aria-pressed={on}
          onClick={toggle}
          data-testid="playback-listen"
        >
          {on ? <IconVolume size={19} stroke={1.6} /> : <IconVolumeOff size={19} stroke={1.6} />}
        </ActionIcon>
      </Tooltip>
      <Text size="xs" c="dimmed" role="status" data-testid="playback-silent">
        {on && silent ? t('live.silent') : ''}
      </Text>
    </Group>
  );
}
