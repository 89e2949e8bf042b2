// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconAdjustments,
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconCameraDown,
  IconCopy,
  IconHistory,
  IconRewindBackward10,
  IconVolume,
  IconVolumeOff,
  IconX,
} from '@tabler/icons-react';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Camera } from '../../api/types';
import { mayWith } from '../../ui/permissions';
import { RecordMenu } from '../../ui/RecordMenu';
import { useIdleTurn } from '../../ui/useIdleTurn';
import { mayCopy, type TakePicture } from '../../ui/usePictures';
import { BroughtActions } from '../extensions/BroughtActions';
import classes from './Tile.module.css';
import { useSound } from './useSound';
import { useWall } from './useWall';

interface Props {
  camera: Camera;
  cell: number;
  maximised: boolean;
  listening: boolean;
  /** A hotspot has no sound of its own. */
  following: boolean;
  onPicture: (how: TakePicture) => void;
  onReplay: () => void;
}

/**
 * What can be done with a tile. Those that a small tile has no room for have a key, too. The buttons of a wall take longer to be
 * made than all else of it, and are seen under the pointer only: they come behind the pictures, tile by tile.
 */
export function TileActions(props: Props) {
  return useIdleTurn() && <Actions {...props} />;
}

const Actions = memo(function Actions({
  camera,
  cell,
  maximised,
  listening,
  following,
  onPicture,
  onReplay,
}: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { maximise, remove } = useWall.getState();
  const hasFootage = mayWith(camera, 'view_archive');
  return (
    <div className={classes.actions}>
      {!following && mayWith(camera, 'listen') && (
        <Action
          label={t(listening ? 'live.mute' : 'live.listen')}
          pressed={listening}
          onClick={() => useSound.getState().toggle(camera.id)}
          testId={`tile-sound-${cell}`}
        >
          {listening ? <IconVolume size={17} /> : <IconVolumeOff size={17} />}
        </Action>
      )}
      <Action label={t('live.snapshot')} onClick={() => onPicture('save')} testId={`tile-snapshot-${cell}`}>
        <IconCameraDown size={17} />
      </Action>
      {mayCopy() && (
        <Action
          label={t('picture.copy')}
          onClick={() => onPicture('copy')}
          testId={`tile-copy-${cell}`}
          roomy
        >
          <IconCopy size={16} />
        </Action>
      )}
      {hasFootage && (
        <Action label={t('live.replay')} onClick={onReplay} testId={`tile-replay-${cell}`}>
          <IconRewindBackward10 size={17} />
        </Action>
      )}
      <span className={classes.roomy}>
        <RecordMenu camera={camera} color="gray.3" />
      </span>
      {hasFootage && (
        <Action label={t('live.playback')} onClick={() => navigate(`/playback/${camera.id}`)}>
          <IconHistory size={17} />
        </Action>
      )}
      <Action
        label={t('live.control')}
        onClick={() => navigate(`/control/${camera.id}`)}
        testId={`tile-control-${cell}`}
      >
        <IconAdjustments size={17} />
      </Action>
      <BroughtActions cameraId={camera.id} cell={cell} />
      <Action
        label={t(maximised ? 'live.restore' : 'live.maximise')}
        onClick={() => maximise(maximised ? null : (useWall.getState().cells[cell] ?? null))}
      >
        {maximised ? <IconArrowsMinimize size={17} /> : <IconArrowsMaximize size={17} />}
      </Action>
      <Action label={t('live.remove')} onClick={() => remove(cell)}>
        <IconX size={17} />
      </Action>
    </div>
  );
});

interface ActionProps {
  label: string;
  onClick: () => void;
  testId?: string;
  pressed?: boolean;
  /** Only where there is room. */
  roomy?: boolean;
  children: ReactNode;
}

function Action({ label, onClick, testId, pressed, roomy, children }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size="md"
        color="gray.3"
        className={roomy ? classes.roomy : undefined}
        aria-label={label}
        aria-pressed={pressed}
        onClick={onClick}
        data-testid={testId}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
