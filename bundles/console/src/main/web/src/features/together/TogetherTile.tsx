// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera, FootageOf } from '../../api/types';
import { wordFor } from '../../i18n';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import type { SyncGroup } from '../../player/together/syncGroup';
import { CameraStateIcon } from '../../ui/CameraStateIcon';
import { mayWith } from '../../ui/permissions';
import { PlaybackNotice } from '../playback/PlaybackNotice';
import { PositionClock } from '../playback/PositionClock';
import { type Lane, momentAt } from '../playback/timelineData';
import classes from './Together.module.css';
import { useFollower } from './useFollower';

interface Props {
  camera: Camera;
  stream: FootageOf;
  group: SyncGroup;
  lane: Lane;
  selected: boolean;
  onSelect: () => void;
  /** Alone, by a double click. */
  onOpen: () => void;
  /** The player once it is there, and undefined when it is gone. */
  onPlayer: (cameraId: string, player: ArchiveEngine | undefined) => void;
}

/** One camera's picture of the moment that all show. */
export function TogetherTile({ camera, stream, group, lane, selected, onSelect, onOpen, onPlayer }: Props) {
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const { player, state } = useFollower(group, camera.id, mayWith(camera, 'listen'), stream, host);
  useEffect(() => {
    onPlayer(camera.id, player);
    return () => onPlayer(camera.id, undefined);
  }, [camera.id, player, onPlayer]);
  const position = useCallback(() => player?.position() ?? 0, [player]);
  const at = group.clock.position();
  const moment = momentAt(lane, at, at);
  const without = state.phase === 'no-footage';
  return (
    <div
      className={classes.tile}
      data-selected={selected || undefined}
      data-phase={state.phase}
      data-testid={`together-${camera.id}`}
    >
      <div ref={host} className={classes.host} data-without={without || undefined} />
      <div className={classes.top}>
        <CameraStateIcon status={camera.status} />
        <strong className={classes.name}>{camera.name}</strong>
        <span className={classes.spring} />
        {!without && <PositionClock position={position} player={player} brief />}
      </div>
      <PlaybackNotice
        state={state}
        cause={moment.kind === 'gap' ? wordFor('cause', moment.gap.cause) : undefined}
      />
      {/* Over the others and not around them: what they say is not its name. */}
      {/* biome-ignore lint/a11y/useSemanticElements: the space bar is the page's, which plays */}
      <div
        className={classes.choose}
        role="button"
        tabIndex={0}
        aria-pressed={selected}
        aria-label={t('together.tile', { name: camera.name })}
        onClick={onSelect}
        onDoubleClick={onOpen}
        onKeyDown={(event) => event.key === 'Enter' && (selected ? onOpen : onSelect)()}
        data-testid={`together-choose-${camera.id}`}
      />
    </div>
  );
}
