// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconAdjustments,
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconCameraDown,
  IconHistory,
  IconRewindBackward10,
  IconX,
} from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { serverClock } from '../../api/serverClock';
import type { Camera, StreamRole } from '../../api/types';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import { CameraStateIcon } from '../../ui/CameraStateIcon';
import { savePicture } from '../../ui/download';
import { problemText } from '../../ui/problemText';
import { RecordMenu } from '../../ui/RecordMenu';
import { toast } from '../../ui/toast';
import { KEY_FACTOR, useZoom, type Zooming } from '../../ui/zoom/useZoom';
import { ZoomMark } from '../../ui/zoom/ZoomMark';
import { isWhole, transformOf } from '../../ui/zoom/zoom';
import classes from './Tile.module.css';
import { TileBadge } from './TileBadge';
import { TileNotice } from './TileNotice';
import { useLivePlayer } from './useLivePlayer';
import { useWall } from './useWall';

const TileReplay = lazy(() => import('./TileReplay').then((part) => ({ default: part.TileReplay })));

interface Props {
  camera: Camera;
  cell: number;
  /** The part of the wall's width it takes. */
  share: number;
  maximised: boolean;
}

/** Enlarged further, the small stream has nothing more to show. */
const SMALL_SCALE_MAX = 2;
const KEY_SHIFT = 0.1;

/** The small stream for a tile of up to half the wall's width, where there is one. */
export function streamFor(camera: Camera, share: number, maximised: boolean): StreamRole {
  const hasSub = camera.status.streams.some(
    (stream) => stream.role === 'sub' && stream.state !== 'unsupported',
  );
  return hasSub && !maximised && share <= 0.5 ? 'sub' : 'main';
}

/** A camera's live picture with its name, figures and actions. */
export function Tile({ camera, cell, share, maximised }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const frame = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const zooming = useZoom(frame);
  const { zoom } = zooming;
  const near = zoom.scale > SMALL_SCALE_MAX;
  const { player, state } = useLivePlayer(camera.id, streamFor(camera, share, maximised || near), host);
  const details = useWall((wall) => wall.details);
  const { maximise, remove } = useWall.getState();
  const [replays, setReplays] = useState(0);
  const replayed = useRef<ArchiveEngine>(undefined);
  const replay = () => setReplays((before) => before + 1);

  const snapshot = () => {
    const replayer = replayed.current;
    const takenMs = replayer?.position() ?? serverClock.now();
    (replayer ?? player)
      ?.snapshot()
      .then((blob) => savePicture(blob, camera.name, takenMs))
      .catch((error) => toast(problemText(error), 'error'));
  };

  useEffect(() => {
    const tile = host.current?.closest<HTMLElement>('article');
    const onKey = (event: KeyboardEvent) => {
      if (event.target === tile && zoomKey(zooming, event)) {
        event.preventDefault();
      } else if (event.target === tile && event.key === 's') {
        snapshot();
      } else if (event.target === tile && event.key === 'r' && !event.ctrlKey && !event.metaKey) {
        replay();
      } else if (event.target === tile && event.key === 'l') {
        setReplays(0);
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
    // biome-ignore lint/a11y/noStaticElementInteractions: the whole picture is there again by a key and a button too
    <div
      ref={frame}
      className={classes.tile}
      onDoubleClick={(event) => {
        if (!isWhole(zoom)) {
          event.stopPropagation();
          zooming.reset();
        }
      }}
      data-phase={state.phase}
      data-enlarged={!isWhole(zoom) || undefined}
      data-testid={`tile-state-${cell}`}
    >
      <div ref={host} className={classes.host} style={{ transform: transformOf(zoom) }} />
      <TileNotice camera={camera} state={state} />
      {replays > 0 && (
        <Suspense fallback={null}>
          <TileReplay
            cameraId={camera.id}
            times={replays}
            transform={transformOf(zoom)}
            shown={replayed}
            onLive={() => setReplays(0)}
          />
        </Suspense>
      )}
      <div className={classes.top}>
        <CameraStateIcon status={camera.status} size={13} />
        <span className={classes.name}>{camera.name}</span>
      </div>
      {details && player && state.phase === 'live' && replays === 0 && (
        <TileBadge player={player} stream={state.stream} />
      )}
      <ZoomMark zooming={zooming} offered={maximised} />
      <div className={classes.actions}>
        <Action label={t('live.snapshot')} onClick={snapshot} testId={`tile-snapshot-${cell}`}>
          <IconCameraDown size={17} />
        </Action>
        <Action label={t('live.replay')} onClick={replay} testId={`tile-replay-${cell}`}>
          <IconRewindBackward10 size={17} />
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

/** Keys of a tile that enlarge its picture; whether this was one. */
function zoomKey(zooming: Zooming, { key, shiftKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  const shift = SHIFTS[key];
  if (ctrlKey || metaKey) {
    return false;
  }
  if (shift && shiftKey) {
    zooming.shift(...shift);
  } else if (key === '+' || key === '=') {
    zooming.by(KEY_FACTOR);
  } else if (key === '-') {
    zooming.by(1 / KEY_FACTOR);
  } else if (key === '0') {
    zooming.reset();
  } else {
    return false;
  }
  return true;
}

const SHIFTS: Record<string, [number, number]> = {
  ArrowLeft: [KEY_SHIFT, 0],
  ArrowRight: [-KEY_SHIFT, 0],
  ArrowUp: [0, KEY_SHIFT],
  ArrowDown: [0, -KEY_SHIFT],
};

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
