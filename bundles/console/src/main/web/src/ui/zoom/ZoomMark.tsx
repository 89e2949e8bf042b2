// SPDX-License-Identifier: Apache-2.0
import { ActionIcon } from '@mantine/core';
import { IconZoomIn, IconZoomOut, IconZoomReset } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { tenths } from '../number';
import { KEY_FACTOR, type Zooming } from './useZoom';
import classes from './ZoomMark.module.css';
import { isWhole, SCALE_MAX } from './zoom';

/** How far a picture is enlarged, and buttons for who has no wheel. */
export function ZoomMark({ zooming, offered }: { zooming: Zooming; offered: boolean }) {
  const { t } = useTranslation();
  const { zoom, by, reset } = zooming;
  const enlarged = !isWhole(zoom);
  if (!enlarged && !offered) {
    return null;
  }
  return (
    <div className={classes.mark} data-enlarged={enlarged || undefined}>
      {enlarged && (
        <>
          <span data-testid="zoom-scale">{t('zoom.scale', { scale: tenths(zoom.scale) })}</span>
          <ActionIcon
            color="gray.3"
            size="sm"
            aria-label={t('zoom.reset')}
            onClick={reset}
            title={t('zoom.reset')}
          >
            <IconZoomReset size={16} />
          </ActionIcon>
          <ActionIcon
            color="gray.3"
            size="sm"
            aria-label={t('zoom.out')}
            title={t('zoom.out')}
            onClick={() => by(1 / KEY_FACTOR)}
          >
            <IconZoomOut size={16} />
          </ActionIcon>
        </>
      )}
      <ActionIcon
        color="gray.3"
        size="sm"
        aria-label={t('zoom.in')}
        title={t('zoom.in')}
        disabled={zoom.scale >= SCALE_MAX}
        onClick={() => by(KEY_FACTOR)}
        data-testid="zoom-in"
      >
        <IconZoomIn size={16} />
      </ActionIcon>
    </div>
  );
}
