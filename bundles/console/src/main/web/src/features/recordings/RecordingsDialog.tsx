// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Loader, Modal, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { serverClock } from '../../api/serverClock';
import type { Camera } from '../../api/types';
import { bytes } from '../../ui/bytes';
import { problemText } from '../../ui/problemText';
import { dateTime } from '../../ui/time';
import { endOfDay } from '../../ui/zone';
import { causesText } from './causesText';
import { RecordingsList } from './RecordingsList';
import classes from './RecordingsList.module.css';
import { causesBetween, recordingsOf } from './recordings';
import { useRecordings } from './useRecordings';

/** What was sent so long ago at most may not be among the files yet. */
const NEWEST_MS = 30_000;

interface Props {
  camera: Pick<Camera, 'id' | 'name'>;
  position: () => number;
  /** From the beginning of a recording, or from where in it the position is. */
  onPlay: (utcMs: number) => void;
  onClose: () => void;
}

/** What the timeline shows, recording by recording. */
export function RecordingsDialog({ camera, position, onPlay, onClose }: Props) {
  const { t } = useTranslation();
  const [at] = useState(position);
  const [now] = useState(() => serverClock.now());
  const [until, setUntil] = useState(() => Math.min(now, endOfDay(at)));
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useRecordings(
    camera.id,
    until,
  );
  const gaps = useMemo(() => data?.pages.flatMap((day) => day.gaps) ?? [], [data]);
  const recordings = useMemo(
    () => recordingsOf(data?.pages.flatMap(({ segments }) => segments) ?? [], gaps, now),
    [data, gaps, now],
  );
  const newest = recordings[0];
  const standing =
    newest && until === now && now - newest.to > NEWEST_MS
      ? causesBetween(gaps, newest.to, now, now)
      : undefined;
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('recordings.title', { name: camera.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Group justify="space-between" mb="xs">
        <Text size="sm" c="dimmed" id="recordings-explained">
          {t('recordings.explained')}
        </Text>
        {until < now && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setUntil(now)}
            data-testid="recordings-newest"
          >
            {t('recordings.newest')}
          </Button>
        )}
      </Group>
      {isPending && <Loader size="sm" />}
      {error && (
        <Alert color="red" variant="light">
          {problemText(error)}
        </Alert>
      )}
      {newest && standing && (
        <p className={classes.missing} data-testid="recordings-standing">
          {standing.length > 0
            ? t('recordings.standing', { since: dateTime(newest.to), causes: causesText(standing) })
            : t('recordings.standingUnexplained', { since: dateTime(newest.to) })}
        </p>
      )}
      {data && recordings.length === 0 && <Text size="sm">{t('recordings.none')}</Text>}
      {recordings.length > 0 && (
        <>
          <RecordingsList
            // Another end of it is another list.
            key={until}
            recordings={recordings}
            positionMs={at}
            onPlay={onPlay}
          />
          <Group justify="space-between" mt="xs">
            <Text size="sm" c="dimmed" role="status" data-testid="recordings-sum">
              {t('recordings.sum', {
                count: recordings.length,
                since: dateTime(recordings.at(-1)?.from ?? until),
                size: bytes(recordings.reduce((sum, one) => sum + one.bytes, 0)),
              })}
            </Text>
            {hasNextPage && (
              <Button
                size="compact-sm"
                variant="default"
                loading={isFetchingNextPage}
                onClick={() => fetchNextPage()}
                data-testid="recordings-earlier"
              >
                {t('recordings.earlier')}
              </Button>
            )}
          </Group>
        </>
      )}
    </Modal>
  );
}
