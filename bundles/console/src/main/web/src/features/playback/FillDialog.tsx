// SPDX-License-Identifier: Apache-2.0
import { Badge, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type GapFill, useFillGaps, useGapFills } from '../../api/gapFills';
import type { Camera } from '../../api/types';
import { wordFor } from '../../i18n';
import { DialogActions } from '../../ui/DialogActions';
import { mayWith } from '../../ui/permissions';
import { duration, rangeText } from '../../ui/time';
import { isRange, RangeFields } from './RangeFields';
import type { Selection } from './selection';

const SHOWN_MAX = 5;
const COLORS: Record<string, string> = { running: 'blue', done: 'teal', failed: 'red' };

/** Whether what is missing of a camera can be asked of it, by this user. */
export function mayFill(camera: Camera): boolean {
  const recordsItself = camera.status.device?.capabilities.includes('edge_recordings') ?? false;
  return recordsItself && mayWith(camera, 'manage_cameras');
}

interface Props {
  camera: Camera;
  offered: Selection;
  onClose: () => void;
}

/** Has what is missing fetched from the camera, and tells how far that is. */
export function FillDialog({ camera, offered, onClose }: Props) {
  const { t } = useTranslation();
  const [range, setRange] = useState(offered);
  const jobs = useId();
  const fills = useGapFills(camera.id);
  const order = useFillGaps();
  const shown = (fills.data ?? []).slice(0, SHOWN_MAX);

  function submit(event: FormEvent) {
    event.preventDefault();
    order.mutate({
      cameraId: camera.id,
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
    });
  }

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('fill.title', { name: camera.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} data-testid="fill-form">
        <Text size="sm" c="dimmed" mb="sm">
          {t('fill.explained')}
        </Text>
        <RangeFields range={range} onChange={setRange} testId="fill" />
        {shown.length > 0 && (
          <>
            <Text size="sm" fw={600} mt="md" mb={6} id={jobs}>
              {t('fill.jobs')}
            </Text>
            <Stack component="ul" gap="sm" m={0} p={0} aria-labelledby={jobs}>
              {shown.map((fill) => (
                <HowFar key={fill.id} fill={fill} />
              ))}
            </Stack>
          </>
        )}
        <DialogActions
          action={t('fill.begin')}
          testId="fill"
          verb="begin"
          leave={t('common.close')}
          busy={order.isPending}
          disabled={!isRange(range)}
          error={order.error ?? fills.error}
          onCancel={onClose}
        />
      </form>
    </Modal>
  );
}

function HowFar({ fill }: { fill: GapFill }) {
  const { t } = useTranslation();
  const percent = fill.missingMs > 0 ? (100 * fill.filledMs) / fill.missingMs : 0;
  return (
    <li style={{ listStyle: 'none' }} data-testid={`fill-${fill.id}`} data-state={fill.state}>
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Text size="sm">{rangeText(Date.parse(fill.from), Date.parse(fill.to))}</Text>
        <Badge size="sm" variant="light" color={COLORS[fill.state] ?? 'gray'} style={{ flex: 'none' }}>
          {wordFor('fill.states', fill.state)}
        </Badge>
      </Group>
      <Progress
        my={5}
        value={percent}
        color={COLORS[fill.state] ?? 'gray'}
        animated={fill.state === 'running'}
        aria-label={t('fill.filled', {
          filled: duration(fill.filledMs),
          missing: duration(fill.missingMs),
        })}
      />
      <Text size="xs" c="dimmed">
        {t('fill.filled', { filled: duration(fill.filledMs), missing: duration(fill.missingMs) })} ·{' '}
        {fill.createdBy ? t('fill.by', { name: fill.createdBy }) : t('fill.byItself')}
      </Text>
      {fill.detail && (
        <Text size="xs" c={fill.state === 'failed' ? 'red' : 'dimmed'}>
          {fill.detail}
        </Text>
      )}
    </li>
  );
}
