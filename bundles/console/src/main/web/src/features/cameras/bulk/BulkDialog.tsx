// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeCamera, useCameras } from '../../../api/queries';
import type { Camera } from '../../../api/types';
import { DialogActions } from '../../../ui/DialogActions';
import { BulkFields } from './BulkFields';
import { BulkResult } from './BulkResult';
import {
  applyToAll,
  type BulkValues,
  commonOf,
  draftFor,
  isDone,
  type Outcome,
  withoutSchedule,
} from './bulk';

interface Props {
  chosen: Camera[];
  /** @param left those that are not as was wanted */
  onClose: (left: Camera[]) => void;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Changes several cameras alike, and says of each that did not take it which field was refused and why. */
export function BulkDialog({ chosen, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const known = useCameras().data ?? [];
  // As they were when it opened: what is changed meanwhile is not changed back unseen.
  const [cameras, setCameras] = useState(chosen);
  const [touched, setTouched] = useState<BulkValues>({});
  const [outcomes, setOutcomes] = useState<Outcome[]>();
  const [runs, setRuns] = useState(false);
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);

  const concerned = cameras.filter((camera) => Object.keys(draftFor(camera, touched)).length > 0).length;
  const incomplete =
    Object.entries(touched).some(([field, value]) => field !== 'group' && value === '') ||
    withoutSchedule(cameras, touched).length > 0;
  const groups = [...new Set(known.flatMap(({ group }) => (group ? [group] : [])))].sort();
  const left = outcomes ? outcomes.filter((one) => !isDone(one)).map(({ camera }) => camera) : cameras;

  function submit(event: FormEvent) {
    event.preventDefault();
    setRuns(true);
    abort.current = new AbortController();
    void applyToAll(cameras, touched, {
      save: changeCamera,
      pause,
      onOutcome: setOutcomes,
      signal: abort.current.signal,
    }).finally(() => {
      setRuns(false);
      void client.invalidateQueries({ queryKey: ['cameras'] });
    });
  }

  /** With those that were not changed, as they are now. */
  function again() {
    const ids = new Set(left.map(({ id }) => id));
    setCameras(known.filter(({ id }) => ids.has(id)));
    setOutcomes(undefined);
  }

  return (
    <Modal
      opened
      size="lg"
      onClose={() => !runs && onClose(left)}
      title={t('bulk.title', { count: cameras.length })}
      closeButtonProps={{ 'aria-label': t('common.close'), disabled: runs }}
    >
      {outcomes ? (
        <Stack gap="sm">
          {runs ? (
            <>
              <Text size="sm">{t('bulk.sofar', { done: outcomes.length, all: cameras.length })}</Text>
              <Progress
                value={(100 * outcomes.length) / cameras.length}
                aria-label={t('bulk.title', { count: cameras.length })}
              />
              <Group justify="flex-end">
                <Button variant="default" onClick={() => abort.current.abort()} data-testid="bulk-stop">
                  {t('bulk.stop')}
                </Button>
              </Group>
            </>
          ) : (
            <>
              <BulkResult outcomes={outcomes} />
              <Group justify="flex-end" gap="sm">
                {left.length > 0 && (
                  <Button variant="default" onClick={again} data-testid="bulk-again">
                    {t('bulk.again', { count: left.length })}
                  </Button>
                )}
                <Button onClick={() => onClose(left)} data-testid="bulk-close" data-autofocus>
                  {t('common.close')}
                </Button>
              </Group>
            </>
          )}
        </Stack>
      ) : (
        <form onSubmit={submit} data-testid="bulk-form">
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              {t('bulk.explained')}
            </Text>
            <BulkFields
              cameras={cameras}
              common={commonOf(cameras)}
              touched={touched}
              groups={groups}
              hasSub={cameras.some(hasSub)}
              onTouch={(field, value) =>
                setTouched(({ [field]: _, ...others }) =>
                  value === undefined ? others : { ...others, [field]: value },
                )
              }
            />
            <DialogActions
              action={t('bulk.apply', { count: concerned })}
              testId="bulk"
              busy={runs}
              disabled={concerned === 0 || incomplete}
              onCancel={() => onClose(cameras)}
              stays
            />
          </Stack>
        </form>
      )}
    </Modal>
  );
}

/** Whether there is a small stream that can be recorded. */
const hasSub = ({ subAddress, status, recording }: Camera) =>
  subAddress !== undefined ||
  status.streams.some(({ role }) => role === 'sub') ||
  recording.streams.includes('sub');
