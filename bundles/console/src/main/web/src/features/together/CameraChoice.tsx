// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Popover, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { IconLayoutGrid } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCameras } from '../../api/queries';
import { useWall } from '../live/useWall';
import { TOGETHER_MAX } from './address';

interface Props {
  chosen: readonly string[];
  /** At least one. */
  onChoose: (cameraIds: string[]) => void;
}

/** A page with other cameras takes the place of this one, and the list goes on there. */
let goesOn: { chosen: string; filter: string; last?: string } | undefined;

/** Which cameras are played together. */
export function CameraChoice({ chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const cameras = useCameras().data ?? [];
  const { cells, size } = useWall();
  const [before] = useState(() => (goesOn?.chosen === chosen.join() ? goesOn : undefined));
  const [opened, setOpened] = useState(before !== undefined);
  const [filter, setFilter] = useState(before?.filter ?? '');
  useEffect(() => {
    goesOn = undefined;
  }, []);
  const choose = (cameraIds: string[], last?: string) => {
    goesOn = { chosen: cameraIds.join(), filter, last };
    onChoose(cameraIds);
  };
  const wall = [...new Set(cells.slice(0, size))].filter(
    (id): id is string => id !== null && cameras.some((camera) => camera.id === id),
  );
  const wanted = filter.trim().toLowerCase();
  const listed = cameras.filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <Popover position="top-end" withinPortal trapFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconLayoutGrid size={16} />}
          onClick={() => setOpened((open) => !open)}
          data-testid="together-choice"
        >
          {t('together.cameras', { count: chosen.length })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={260}>
          <TextInput
            size="xs"
            placeholder={t('tree.filter')}
            aria-label={t('tree.filter')}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
          <ScrollArea.Autosize mah={280} type="auto">
            <Stack gap={7} p={2}>
              {listed.map(({ id, name }) => {
                const there = chosen.includes(id);
                return (
                  <Checkbox
                    key={id}
                    size="xs"
                    label={name}
                    checked={there}
                    disabled={there ? chosen.length === 1 : chosen.length >= TOGETHER_MAX}
                    onChange={() => choose(there ? chosen.filter((one) => one !== id) : [...chosen, id], id)}
                    data-autofocus={before?.last === id || undefined}
                    data-testid={`together-camera-${id}`}
                  />
                );
              })}
            </Stack>
          </ScrollArea.Autosize>
          <Text size="xs" c="dimmed">
            {t('together.most', { count: TOGETHER_MAX })}
          </Text>
          <Button
            size="xs"
            variant="light"
            disabled={wall.length === 0}
            onClick={() => onChoose(wall.slice(0, TOGETHER_MAX))}
            data-testid="together-wall"
          >
            {t('together.wall')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
