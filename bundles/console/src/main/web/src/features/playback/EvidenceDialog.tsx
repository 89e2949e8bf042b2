// SPDX-License-Identifier: Apache-2.0
import { Alert, Box, Button, Divider, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type EvidenceLock, useAddLock, useRemoveLock } from '../../api/evidence';
import type { Camera } from '../../api/types';
import { problemText } from '../../ui/problemText';
import { dateTime, duration, rangeText } from '../../ui/time';
import { toast } from '../../ui/toast';
import { isRange, RangeFields } from './RangeFields';
import type { Selection } from './selection';

const REASON_CHARS_MAX = 500;

interface Props {
  camera: Camera;
  offered: Selection;
  /** Those of this camera. */
  locks: EvidenceLock[];
  onGo: (utcMs: number) => void;
  onClose: () => void;
}

/** Holds footage against retention, shows what is held, and lets it go again. */
export function EvidenceDialog({ camera, offered, locks, onGo, onClose }: Props) {
  const { t } = useTranslation();
  const [range, setRange] = useState(offered);
  const [reason, setReason] = useState('');
  const add = useAddLock();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isRange(range)) {
      add.mutate(
        {
          cameraIds: [camera.id],
          from: new Date(range.from).toISOString(),
          to: new Date(range.to).toISOString(),
          reason,
        },
        {
          onSuccess: () => {
            toast(t('evidence.locked', { length: duration(range.to - range.from) }));
            onClose();
          },
        },
      );
    }
  }

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('evidence.title', { name: camera.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} data-testid="lock-form">
        <Text size="sm" c="dimmed" mb="sm">
          {t('evidence.explained')}
        </Text>
        <RangeFields range={range} onChange={setRange} testId="lock" />
        <Textarea
          mt="sm"
          label={t('evidence.reason')}
          placeholder={t('evidence.reasonHint')}
          maxLength={REASON_CHARS_MAX}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-testid="lock-reason"
          data-autofocus
        />
        {add.error && (
          <Alert color="red" variant="light" mt="sm" role="alert">
            {problemText(add.error)}
          </Alert>
        )}
        <Group justify="flex-end" mt="md">
          <Button type="submit" disabled={!isRange(range)} loading={add.isPending} data-testid="lock-submit">
            {t('evidence.lock')}
          </Button>
        </Group>
      </form>
      <Divider my="md" label={t('evidence.held')} labelPosition="left" />
      {locks.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('evidence.none')}
        </Text>
      ) : (
        <Stack gap="xs">
          {locks.map((lock) => (
            <LockLine key={lock.id} lock={lock} onGo={onGo} />
          ))}
        </Stack>
      )}
    </Modal>
  );
}

function LockLine({ lock, onGo }: { lock: EvidenceLock; onGo: (utcMs: number) => void }) {
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  const remove = useRemoveLock();
  const from = new Date(lock.from).getTime();
  const to = new Date(lock.to).getTime();
  return (
    <Group justify="flex-end" gap="xs" align="flex-start" data-testid="lock-line">
      <Box flex="1 1 240px" miw={0} style={{ overflowWrap: 'anywhere' }}>
        <Text size="sm">
          {rangeText(from, to)} ({duration(to - from)})
        </Text>
        <Text size="xs" c="dimmed">
          {lock.reason ? `${lock.reason} · ` : ''}
          {t('evidence.by', { name: lock.createdBy, time: dateTime(new Date(lock.created).getTime()) })}
          {lock.cameraIds.length > 1 ? ` · ${t('evidence.cameras', { count: lock.cameraIds.length })}` : ''}
        </Text>
        {remove.error && (
          <Text size="xs" c="red" role="alert">
            {problemText(remove.error)}
          </Text>
        )}
      </Box>
      <Group gap="xs" wrap="nowrap">
        <Button size="compact-xs" variant="default" onClick={() => onGo(from)}>
          {t('evidence.show')}
        </Button>
        <Button
          size="compact-xs"
          variant={sure ? 'filled' : 'default'}
          color="red.9"
          loading={remove.isPending}
          onBlur={() => setSure(false)}
          onClick={() =>
            sure ? remove.mutate(lock.id, { onSuccess: () => toast(t('evidence.unlocked')) }) : setSure(true)
          }
          data-testid="unlock"
        >
          {t(sure ? 'evidence.unlockSure' : 'evidence.unlock')}
        </Button>
      </Group>
    </Group>
  );
}
