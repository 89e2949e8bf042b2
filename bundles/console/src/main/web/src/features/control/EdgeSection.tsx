// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Loader, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type EdgeRecording, edgeFile, useEdgeFetch, useEdgeRecordings } from '../../api/control';
import { serverClock } from '../../api/serverClock';
import type { Camera } from '../../api/types';
import { download, fileName } from '../../ui/download';
import { problemText } from '../../ui/problemText';
import { dateTime, duration, fileStamp } from '../../ui/time';
import { isRange, RangeFields } from '../playback/RangeFields';
import type { Selection } from '../playback/selection';
import classes from './ControlPage.module.css';

const HOUR_MS = 3_600_000;
/** The server sends no more at a time. */
const FETCH_MS_MAX = 24 * HOUR_MS;

/** What the camera has recorded itself, and its files. */
export function EdgeSection({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const [range, setRange] = useState<Selection>(() => {
    const to = Math.ceil(serverClock.now() / 1000) * 1000;
    return { from: to - HOUR_MS, to };
  });
  const [asked, setAsked] = useState<Selection | undefined>(range);
  const found = useEdgeRecordings(camera.id, asked);
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">
        {t('control.edgeHint')}
      </Text>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isRange(range)) {
            setAsked(range);
          }
        }}
      >
        <RangeFields range={range} onChange={setRange} testId="edge" />
        <Button
          type="submit"
          size="xs"
          variant="default"
          mt="xs"
          disabled={!isRange(range)}
          loading={found.isFetching}
          data-testid="edge-look"
        >
          {t('control.look')}
        </Button>
      </form>
      {found.error && (
        <Alert color="yellow" variant="light" p="xs" data-testid="edge-problem">
          {problemText(found.error)}
        </Alert>
      )}
      {found.isPending && <Loader size="sm" />}
      {found.data?.length === 0 && (
        <Text size="xs" c="dimmed" data-testid="edge-none">
          {t('control.noEdge')}
        </Text>
      )}
      {asked && (
        <ul className={classes.rows} data-testid="edge-recordings">
          {found.data?.map((recording) => (
            <Recording key={recording.id} camera={camera} recording={recording} asked={asked} />
          ))}
        </ul>
      )}
    </Stack>
  );
}

interface RecordingProps {
  camera: Camera;
  recording: EdgeRecording;
  asked: Selection;
}

function Recording({ camera, recording, asked }: RecordingProps) {
  const { t } = useTranslation();
  const fetching = useEdgeFetch();
  const begun = Date.parse(recording.from);
  const ended = recording.to === undefined ? undefined : Date.parse(recording.to);
  const from = Math.max(begun, asked.from);
  const to = Math.min(ended ?? asked.to, asked.to, from + FETCH_MS_MAX);
  return (
    <li className={classes.row}>
      <span>
        {dateTime(begun)}
        <Text size="xs" c="dimmed">
          {ended === undefined ? t('control.stillRecorded') : duration(ended - begun)}
        </Text>
        {fetching.error && (
          <Text size="xs" c="red" role="alert" data-testid={`edge-refused-${recording.id}`}>
            {problemText(fetching.error)}
          </Text>
        )}
      </span>
      <Button
        onClick={() => {
          const url = edgeFile(camera.id, recording.id, from, to);
          fetching.mutate(url, {
            onSuccess: () => download(url, `${fileName(camera.name)}_${fileStamp(from)}.mkv`),
          });
        }}
        loading={fetching.isPending}
        size="compact-xs"
        variant="default"
        leftSection={<IconDownload size={14} />}
        aria-label={`${t('control.fetch', { length: duration(to - from) })}: ${dateTime(from)}`}
        data-testid={`edge-fetch-${recording.id}`}
      >
        {t('control.fetch', { length: duration(to - from) })}
      </Button>
    </li>
  );
}
