// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconPlayerRecord, IconPlayerRecordFilled, IconPlayerStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useRecordByHand } from '../api/queries';
import type { Camera } from '../api/types';
import { mayWith } from './permissions';
import { problemText } from './problemText';
import { duration } from './time';
import { toast } from './toast';

const DURATIONS_S = [60, 600, 3600];

/** Records a camera by hand, whatever its mode says, for a time or until it is stopped. */
export function RecordMenu({ camera, color }: { camera: Camera; color?: string }) {
  const { t } = useTranslation();
  const record = useRecordByHand();
  if (!mayWith(camera, 'control_recording')) {
    return null;
  }
  const recording = camera.status.state === 'recording';
  const Icon = recording ? IconPlayerRecordFilled : IconPlayerRecord;
  const ask = (durationSeconds: number | undefined, said: string) =>
    record.mutate(
      { camera, action: 'start', durationSeconds },
      { onSuccess: () => toast(said), onError: (error) => toast(problemText(error), 'error') },
    );
  const stop = () =>
    record.mutate(
      { camera, action: 'stop' },
      {
        onSuccess: () => toast(t('byHand.stopped', { name: camera.name })),
        onError: (error) => toast(problemText(error), 'error'),
      },
    );
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <Tooltip label={t('byHand.title')}>
          <ActionIcon
            size="md"
            color={color}
            disabled={!camera.enabled}
            loading={record.isPending}
            aria-label={t('byHand.title')}
            data-testid={`record-${camera.id}`}
          >
            <Icon size={17} color={recording ? 'var(--nx-recording)' : undefined} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('byHand.hint')}</Menu.Label>
        {DURATIONS_S.map((seconds) => {
          const length = duration(seconds * 1000);
          return (
            <Menu.Item
              key={seconds}
              onClick={() => ask(seconds, t('byHand.startedFor', { name: camera.name, length }))}
              data-testid={`record-${seconds}`}
            >
              {t('byHand.for', { length })}
            </Menu.Item>
          );
        })}
        <Menu.Item
          onClick={() => ask(undefined, t('byHand.started', { name: camera.name }))}
          data-testid="record-open"
        >
          {t('byHand.untilStopped')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconPlayerStop size={15} />} onClick={stop} data-testid="record-stop">
          {t('byHand.stop')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
