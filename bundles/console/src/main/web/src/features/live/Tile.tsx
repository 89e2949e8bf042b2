// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconAdjustments,
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconCameraDown,
  IconHistory,
  IconX,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { serverClock } from '../../api/serverClock';
import type { Camera, StreamRole } from '../../api/types';
import { CameraStateIcon } from '../../ui/CameraStateIcon';
import { savePicture } from '../../ui/download';
import { problemText } from '../../ui/problemText';
import { RecordMenu } from '../../ui/RecordMenu';
import { toast } from '../../ui/toast';
import classes from './Tile.module.css';
import { TileBadge } from './TileBadge';
import { TileNotice } from './TileNotice';
import { useLivePlayer } from './useLivePlayer';
import { useWall } from './useWall';

interface Props {
  camera: Camera;
  cell: number;
  wallSize: number;
  maximised: boolean;
}

/** The smallest stream that fills the tile. */
export function streamFor(camera: Camera, wallSize: number, maximised: boolean): StreamRole {
  const hasSub = camera.status.streams.some(
    (stream) => stream.role === 'sub' && stream.state !== 'unsupported',
  );
  return hasSub && !maximised && wallSize > 1 ? 'sub' : 'main';
}

/** A camera's live picture with its name, figures and actions. */
export function Tile({ camera, cell, wallSize, maximised }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const host = useRef<HTMLDivElement>(null);
  const { player, state } = useLivePlayer(camera.id, streamFor(camera, wallSize, maximised), host);
  const details = useWall((wall) => wall.details);
  const { maximise, remove } = useWall.getState();

  const snapshot = () => {
    player
      ?.snapshot()
      .then((blob) => savePicture(blob, camera.name, serverClock.now()))
      .catch((error) => toast(problemText(error), 'error'));
  };

  useEffect(() => {
    const tile = host.current?.closest<HTMLElement>('article');
    const onKey = (event: KeyboardEvent) => {
      if (event.target === tile && event.key === 's') {
        snapshot();
      } else if (event.target === tile && event.key === 'p') {
        navigate(`/playback/${camera.id}`);
      } else if (event.target === tile && event.key === 'c' && !event.ctrlKey && !event.metaKey) {
        navigate(`/control/${camera.id}`);
      }
    };
    tile?.addEventListener('keydown', onKey);
    return () => tile?.removeEventListener('keydown', onKey);
  });

  return (
    <div className={classes.tile} data-phase={state.phase} data-testid={`tile-state-${cell}`}>
      <div ref={host} className={classes.host} />
      <TileNotice camera={camera} state={state} />
      <div className={classes.top}>
        <CameraStateIcon status={camera.status} size={13} />
        <span className={classes.name}>{camera.name}</span>
      </div>
      {details && player && state.phase === 'live' && <TileBadge player={player} stream={state.stream} />}
      <div className={classes.actions}>
        <Action label={t('live.snapshot')} onClick={snapshot} testId={`tile-snapshot-${cell}`}>
          <IconCameraDown size={17} />
        </Action>
        <RecordMenu camera={camera} color="gray.3" />
        <Action label={t('live.playback')} onClick={() => navigate(`/playback/${camera.id}`)}>
          <IconHistory size={17} />
        </Action>
        <Action
          label={t('live.control')}
          onClick={() => navigate(`/control/${camera.id}`)}
          testId={`tile-control-${cell}`}
        >
          <IconAdjustments size={17} />
        </Action>
        <Action
          label={t(maximised ? 'live.restore' : 'live.maximise')}
          onClick={() => maximise(maximised ? null : camera.id)}
        >
          {maximised ? <IconArrowsMinimize size={17} /> : <IconArrowsMaximize size={17} />}
        </Action>
        <Action label={t('live.remove')} onClick={() => remove(cell)}>
          <IconX size={17} />
        </Action>
      </div>
    </div>
  );
}

interface ActionProps {
  label: string;
  onClick: () => void;
  testId?: string;
  children: React.ReactNode;
}

function Action({ label, onClick, testId, children }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size="md" color="gray.3" aria-label={label} onClick={onClick} data-testid={testId}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
