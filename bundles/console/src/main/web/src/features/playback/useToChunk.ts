// SPDX-License-Identifier: Apache-2.0
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';

/** Its first picture is of a part of this millisecond. */
const FIRST_MS = 1;

/** Goes to where the file before or behind begins; says so where there is none. */
export function useToChunk(
  player: Pick<ArchiveEngine, 'beginningBeside'> | undefined,
  position: () => number,
  seekTo: (utcMs: number) => void,
): (direction: -1 | 1) => void {
  const { t } = useTranslation();
  return useCallback(
    (direction) => {
      void player
        ?.beginningBeside(position(), direction)
        .then((beginning) => {
          if (beginning !== undefined) {
            seekTo(beginning + FIRST_MS);
          } else {
            toast(t(direction > 0 ? 'playback.noLaterFile' : 'playback.noEarlierFile'));
          }
        })
        .catch((error) => toast(problemText(error), 'error'));
    },
    [player, position, seekTo, t],
  );
}
