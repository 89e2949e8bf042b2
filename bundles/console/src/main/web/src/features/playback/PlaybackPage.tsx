// SPDX-License-Identifier: Apache-2.0
import { Center, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Navigate, useParams } from 'react-router';
import { useCameras } from '../../api/queries';
import { useWall } from '../live/useWall';
import { CameraPlayback } from './CameraPlayback';

/** Footage of one camera; the address holds camera and moment. */
export function PlaybackPage() {
  const { t } = useTranslation();
  const { cameraId } = useParams();
  const cameras = useCameras().data;
  const { cells, selected } = useWall();
  if (!cameras) {
    return null;
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
