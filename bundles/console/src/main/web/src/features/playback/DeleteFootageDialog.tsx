// SPDX-License-Identifier: Apache-2.0
import { Alert, List, Modal, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Removal, type SomeSegments, useRemoval } from '../../api/evidence';
import type { Camera } from '../../api/types';
import { bytes } from '../../ui/bytes';
import { DialogActions } from '../../ui/DialogActions';
import { dateTime } from '../../ui/time';
import { toast } from '../../ui/toast';
import { isRange, RangeFields } from './RangeFields';
import type { Selection } from './selection';

interface Props {
  camera: Camera;
  offered: Selection;
  onClose: () => void;
}

/** Removes footage for good: first it is said what would go, then the camera's name is typed. */
export function DeleteFootageDialog({ camera, offered, onClose }: Props) {
  const { t } = useTranslation();
  const [range, setRange] = useState(offered);
  const [typed, setTyped] = useState('');
  const look = useRemoval();
  const remove = useRemoval();
  const seen = look.data;
  const draft = () => ({
    cameraId: camera.id,
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
  });

  /** Another range: what was seen is worth nothing. */
  function change(next: Selection) {
    setRange(next);
    look.reset();
    remove.reset();
    setTyped('');
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!seen) {
      look.mutate(draft());
    } else if (seen.confirm && typed.trim() === camera.name) {
      remove.mutate(
        { ...draft(), confirm: seen.confirm },
        { onSuccess: (answer) => tell(answer), onError: () => look.reset() },
      );
    }
  }

  function tell(answer: Removal) {
    const done = answer.removed;
    if (done && done.kept > 0) {
      toast(t('removal.kept', { count: done.kept, why: done.trouble ?? '' }), 'error');
    } else {
      toast(t('removal.done', { size: bytes(done?.bytes ?? 0) }));
    }
    onClose();
  }

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('removal.title', { name: camera.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} data-testid="removal-form">
        <Text size="sm" c="dimmed" mb="sm">
          {t('removal.explained')}
        </Text>
        <RangeFields range={range} onChange={change} testId="removal" />
        {seen && (
          <Alert
            color={seen.removable ? 'orange' : 'gray'}
            variant="light"
            mt="md"
            data-testid="removal-seen"
          >
            <List size="sm">
              <List.Item>
                {seen.removable ? t('removal.removable', some(seen.removable)) : t('removal.nothing')}
              </List.Item>
              {seen.partly && <List.Item>{t('removal.partly', some(seen.partly))}</List.Item>}
              {seen.locked && <List.Item>{t('removal.locked', some(seen.locked))}</List.Item>}
              {seen.growing && <List.Item>{t('removal.growing', some(seen.growing))}</List.Item>}
            </List>
          </Alert>
        )}
        {seen?.confirm && (
          <TextInput
            mt="md"
            label={t('removal.type', { name: camera.name })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-testid="removal-name"
          />
        )}
        <DialogActions
          action={t(seen ? 'removal.delete' : 'removal.look')}
          testId="removal"
          verb={seen ? 'confirm' : 'look'}
          danger={seen !== undefined}
          busy={look.isPending || remove.isPending}
          disabled={seen ? !seen.confirm || typed.trim() !== camera.name : !isRange(range)}
          error={look.error ?? remove.error}
          onCancel={onClose}
        />
      </form>
    </Modal>
  );
}

function some({ segments, bytes: size, from, to }: SomeSegments) {
  return {
    count: segments,
    size: bytes(size),
    from: dateTime(new Date(from).getTime()),
    to: dateTime(new Date(to).getTime()),
  };
}
