// SPDX-License-Identifier: Apache-2.0
import { Button, Loader } from '@mantine/core';
import {
  IconAlertTriangle,
  IconEyeOff,
  IconLock,
  IconPlayerPause,
  IconPlugConnectedX,
  IconRouteOff,
  IconVideoOff,
} from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera, StreamName } from '../../api/types';
import { wordFor } from '../../i18n';
import { codecName } from '../../player/mse/codecs';
import type { PlayerPhase, PlayerState } from '../../player/types';
import { CameraStateIcon, isAway, stateText } from '../../ui/CameraStateIcon';
import { causeSentence } from '../../ui/serverText';
import { duration } from '../../ui/time';
import classes from './Tile.module.css';
import { blockedText, streamText } from './wayText';

const ICON: Partial<Record<PlayerPhase, ReactNode>> = {
  stalled: <IconAlertTriangle size={20} />,
  offline: <IconPlugConnectedX size={22} />,
  forbidden: <IconLock size={22} />,
  missing: <IconEyeOff size={22} />,
  unsupported: <IconVideoOff size={22} />,
  'no-way': <IconRouteOff size={22} />,
  suspended: <IconPlayerPause size={20} />,
};

interface Props {
  camera: Camera;
  state: PlayerState;
  /** Streams that may be shown where this one cannot. */
  others?: readonly StreamName[];
  onOther?: (stream: StreamName) => void;
}

/** Says in words why there is no moving picture. Over an old picture it is a strip, so that the picture can be seen. */
export function TileNotice({ camera, state, others = [], onOther }: Props) {
  const { t } = useTranslation();
  const [, renew] = useState(0);
  const quiet = state.phase === 'live' || state.phase === 'idle' || state.phase === 'suspended';
  useEffect(() => {
    if (!quiet) {
      const timer = setInterval(() => renew((count) => count + 1), 1_000);
      return () => clearInterval(timer);
    }
  }, [quiet]);
  if (quiet) {
    return null;
  }
  const status = camera.status;
  // The server knows more of the camera than the stream that does not come.
  const told = (state.phase === 'connecting' || state.phase === 'offline') && isAway(status);
  const waits = !told && state.phase === 'connecting';
  const cause = state.cause ?? (state.phase === 'connecting' ? status.cause : undefined);
  const detail =
    state.phase === 'unsupported' && state.detail
      ? codecName(state.detail)
      : causeSentence(
          state.cause ?? (state.detail ? undefined : cause),
          state.detail ??
            (state.phase === 'connecting' || state.phase === 'offline' ? status.detail : undefined),
        );
  const ageMs = state.lastPictureAtMs > 0 ? Date.now() - state.lastPictureAtMs : 0;
  return (
    <div className={classes.notice} data-strip={state.lastPictureAtMs > 0 || undefined} role="status">
      <span className={classes.noticeIcon} data-word={waits ? undefined : true}>
        {told ? (
          <CameraStateIcon status={status} size={22} />
        ) : waits ? (
          <Loader size={18} color="gray.4" />
        ) : (
          ICON[state.phase]
        )}
      </span>
      <div>
        <div className={classes.noticeTitle}>
          {told
            ? stateText(status)
            : `${t(`phase.${state.phase}`)}${cause ? `: ${wordFor('cause', cause)}` : ''}`}
        </div>
        {detail && (
          <div className={classes.noticeDetail} title={detail}>
            {detail}
          </div>
        )}
        {state.blocked && <div className={classes.noticeDetail}>{blockedText(t, state.blocked)}</div>}
        {state.phase === 'unsupported' && onOther && (
          <div className={classes.others}>
            {others.map((one) => (
              <Button
                key={one}
                size="compact-xs"
                variant="default"
                onClick={() => onOther(one)}
                data-testid={`tile-other-${one}`}
              >
                {t('live.showOther', { stream: streamText(t, one) })}
              </Button>
            ))}
          </div>
        )}
        {ageMs > 2_000 && (
          <div className={classes.noticeDetail}>{t('live.age', { age: duration(ageMs) })}</div>
        )}
      </div>
    </div>
  );
}
