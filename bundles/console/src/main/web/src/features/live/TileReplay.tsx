// SPDX-License-Identifier: Apache-2.0
import { Button, Loader } from '@mantine/core';
import { IconBroadcast } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { serverClock } from '../../api/serverClock';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import { duration } from '../../ui/time';
import { useArchivePlayer } from '../playback/useArchivePlayer';
import classes from './Tile.module.css';

export const REPLAY_MS = 10_000;
const RENEW_MS = 500;

interface Props {
  cameraId: string;
  /** Whether the user may listen to it. */
  listens: boolean;
  /** How often it was asked for: each time ten seconds further back. */
  times: number;
  /** How the picture is enlarged. */
  transform?: string;
  /** Set while there is one, for a picture of what is shown. */
  shown: RefObject<ArchiveEngine | undefined>;
  onLive: () => void;
}

const nothing = () => {};

/** What was just to be seen, over the live picture, which goes on behind it. */
export function TileReplay({ cameraId, listens, times, transform, shown, onLive }: Props) {
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const { player, state } = useArchivePlayer(cameraId, listens, host, nothing, nothing);
  const [behindMs, setBehindMs] = useState(REPLAY_MS);

  useEffect(() => {
    if (player && times > 0) {
      const from = player.position() || serverClock.now();
      player.play();
      void player.seek(from - REPLAY_MS);
    }
  }, [player, times]);

  useEffect(() => {
    shown.current = player;
    return () => {
      shown.current = undefined;
    };
  }, [player, shown]);

  useEffect(() => {
    const timer = setInterval(() => {
      const position = player?.position();
      if (position) {
        setBehindMs(serverClock.now() - position);
      }
    }, RENEW_MS);
    return () => clearInterval(timer);
  }, [player]);

  const nothingThere =
    state.phase === 'no-footage' || state.phase === 'offline' || state.phase === 'unsupported';
  return (
    <div className={classes.replay} data-phase={state.phase} data-testid="tile-replay">
      <div ref={host} className={classes.host} style={{ transform }} />
      {nothingThere && (
        <div className={classes.notice} role="status">
          {t(state.phase === 'offline' ? 'playback.failed' : `phase.${state.phase}`)}
        </div>
      )}
      {state.phase === 'buffering' && (
        <div className={classes.notice}>
          <Loader size={20} color="gray.4" role="status" aria-label={t('phase.buffering')} />
        </div>
      )}
      <div className={classes.replayMark}>
        <span>{t('live.behind', { time: duration(Math.max(0, behindMs)) })}</span>
        <Button
          size="compact-xs"
          variant="filled"
          color="signal"
          leftSection={<IconBroadcast size={13} />}
          onClick={onLive}
          data-testid="tile-replay-live"
        >
          {t('playback.live')}
        </Button>
      </div>
    </div>
  );
}
