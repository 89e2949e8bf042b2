// SPDX-License-Identifier: Apache-2.0
import { Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PlayerState } from '../../player/types';
import classes from './CameraPlayback.module.css';

export function PlaybackNotice({ state, cause }: { state: PlayerState; cause?: string }) {
  const { t } = useTranslation();
  if (state.phase === 'buffering') {
    return (
      <div className={classes.notice} data-quiet role="status">
        <Loader size={22} color="gray.4" role="status" aria-label={t('phase.buffering')} />
      </div>
    );
  }
  if (state.phase !== 'no-footage' && state.phase !== 'unsupported' && state.phase !== 'offline') {
    return null;
  }
  return (
    <div className={classes.notice} role="status">
      <strong>{t(state.phase === 'offline' ? 'playback.failed' : `phase.${state.phase}`)}</strong>
      {cause && <span>{cause}</span>}
      {state.detail && <span>{state.detail}</span>}
    </div>
  );
}
