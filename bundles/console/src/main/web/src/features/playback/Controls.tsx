// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Group, SegmentedControl, Tooltip } from '@mantine/core';
import {
  IconBroadcast,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
  IconRewindBackward10,
  IconRewindForward10,
} from '@tabler/icons-react';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../api/types';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import { mayWith } from '../../ui/permissions';
import { RecordMenu } from '../../ui/RecordMenu';
import type { TakePicture } from '../../ui/usePictures';
import classes from './CameraPlayback.module.css';
import { FootageMenu, type FootageTask } from './FootageMenu';
import { GoTo } from './GoTo';
import { ListenButton } from './ListenButton';
import { PictureButtons } from './PictureButtons';
import { SpeedLabel } from './SpeedLabel';
import { JUMP_MS } from './usePlaybackKeys';
import { type Direction, RATES } from './usePlaying';

interface Props {
  camera: Camera;
  direction: Direction;
  rate: number;
  player?: ArchiveEngine;
  position: () => number;
  /** The field for date and time. */
  goTo: RefObject<HTMLInputElement | null>;
  onToggle: (direction: -1 | 1) => void;
  onStep: (pictures: number) => void;
  onJump: (ms: number) => void;
  onRate: (rate: number) => void;
  onSeek: (utcMs: number) => void;
  onLive: () => void;
  onPicture: (how: TakePicture) => void;
  onFootage: (task: FootageTask) => void;
  /** Whether motion can be searched here. */
  motion?: boolean;
  /** Where the cameras are chosen. */
  cameras: ReactNode;
}

export function Controls(props: Props) {
  const { t } = useTranslation();
  const { direction, rate, player, onToggle, onStep, onJump, onRate } = props;
  const playing = direction > 0;
  const backwards = direction < 0;
  return (
    <div className={classes.controls}>
      <GoTo cameraId={props.camera.id} position={props.position} field={props.goTo} onGo={props.onSeek} />
      <Group gap={4} className={classes.middle} dir="ltr">
        <Control label={t('playback.back10')} testId="jump-back" onClick={() => onJump(-JUMP_MS)}>
          <IconRewindBackward10 size={21} stroke={1.6} />
        </Control>
        <Control label={t('playback.stepBack')} testId="step-back" onClick={() => onStep(-1)}>
          <IconPlayerSkipBack size={19} stroke={1.6} />
        </Control>
        <Tooltip label={t(backwards ? 'playback.pause' : 'playback.backwards')}>
          <ActionIcon
            size={34}
            radius="xl"
            variant={backwards ? 'filled' : 'subtle'}
            color={backwards ? 'signal' : 'gray'}
            aria-label={t(backwards ? 'playback.pause' : 'playback.backwards')}
            onClick={() => onToggle(-1)}
            data-testid="play-backwards"
            data-playing={backwards}
          >
            {backwards ? (
              <IconPlayerPauseFilled size={17} />
            ) : (
              <IconPlayerPlayFilled size={17} style={{ transform: 'scaleX(-1)' }} />
            )}
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t(playing ? 'playback.pause' : 'playback.play')}>
          <ActionIcon
            size={40}
            radius="xl"
            variant="filled"
            color="signal"
            aria-label={t(playing ? 'playback.pause' : 'playback.play')}
            onClick={() => onToggle(1)}
            data-testid="play-button"
            data-playing={playing}
          >
            {playing ? <IconPlayerPauseFilled size={19} /> : <IconPlayerPlayFilled size={19} />}
          </ActionIcon>
        </Tooltip>
        <Control label={t('playback.stepForward')} testId="step-forward" onClick={() => onStep(1)}>
          <IconPlayerSkipForward size={19} stroke={1.6} />
        </Control>
        <Control label={t('playback.forward10')} testId="jump-forward" onClick={() => onJump(JUMP_MS)}>
          <IconRewindForward10 size={21} stroke={1.6} />
        </Control>
        <SegmentedControl
          size="xs"
          classNames={{ root: classes.speeds, label: classes.oneSpeed }}
          aria-label={t('playback.speed')}
          value={String(rate)}
          onChange={(value) => onRate(Number(value))}
          data={RATES.map((value) => ({ value: String(value), label: `${value}×` }))}
          data-testid="speed"
        />
        <SpeedLabel player={player} playing={direction !== 0} rate={backwards ? -rate : rate} />
      </Group>
      <Group gap="xs" className={classes.right}>
        {props.cameras}
        <FootageMenu camera={props.camera} motion={props.motion} onChoose={props.onFootage} />
        <RecordMenu camera={props.camera} />
        {mayWith(props.camera, 'listen') && <ListenButton player={player} />}
        <PictureButtons onPicture={props.onPicture} />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBroadcast size={16} />}
          onClick={props.onLive}
          data-testid="live-button"
        >
          {t('playback.live')}
        </Button>
      </Group>
    </div>
  );
}

interface ControlProps {
  label: string;
  testId: string;
  onClick: () => void;
  children: ReactNode;
}

function Control({ label, testId, onClick, children }: ControlProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size="lg" aria-label={label} onClick={onClick} data-testid={testId}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
