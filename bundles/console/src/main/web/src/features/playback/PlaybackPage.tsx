// SPDX-License-Identifier: Apache-2.0
import { Center, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Navigate, useParams, useSearchParams } from 'react-router';
import { useCameras } from '../../api/queries';
import { Guarded } from '../../ui/PageFrame';
import { useWall } from '../live/useWall';
import { camerasIn } from '../together/address';
import { TogetherPlayback } from '../together/TogetherPlayback';
import { CameraPlayback } from './CameraPlayback';

/** Footage of one camera or of several; the address holds cameras and moment. */
export function PlaybackPage() {
  return (
    <Guarded by="view_archive" testId="playback">
      <Playback />
    </Guarded>
  );
}

function Playback() {
  const { t } = useTranslation();
  const { cameraId } = useParams();
  const cameras = useCameras().data;
  const { cells, selected } = useWall();
  const [search] = useSearchParams();
  if (!cameras) {
    return null;
  }
  const together = camerasIn(search).flatMap((id) => cameras.find((camera) => camera.id === id) ?? []);
  if (!cameraId && together.length > 0) {
    return <TogetherPlayback cameras={together} />;
  }
  if (!cameraId) {
    const first = [cells[selected], ...cells, cameras[0]?.id].find((id) =>
      cameras.some((camera) => camera.id === id),
    );
    return first ? <Navigate to={`/playback/${first}`} replace /> : <Nothing text={t('playback.choose')} />;
  }
  const camera = cameras.find((candidate) => candidate.id === cameraId);
  return camera ? (
    <CameraPlayback key={camera.id} camera={camera} />
  ) : (
    <Nothing text={t('playback.noSuchCamera')} />
  );
}

function Nothing({ text }: { text: string }) {
  return (
    <Center>
      <Stack align="center" gap="xs" c="dimmed">
        <IconHistory size={34} stroke={1.2} />
        <Text size="sm">{text}</Text>
      </Stack>
    </Center>
  );
}
