// SPDX-License-Identifier: Apache-2.0
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FoundMotion } from '../../api/motion';
import { toast } from '../../ui/toast';
import { LEAD_MS } from '../playback/moment';
import { foundBeside, searchedOf } from './motionLane';
import { useMotionSearch } from './useMotionSearch';

/** The search of one camera, whether its panel is shown, and going from one finding to the next. */
export function useMotionFindings(
  cameraId: string,
  position: () => number,
  playFrom: (utcMs: number, wantedMs: number) => void,
) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const [current, setCurrent] = useState<FoundMotion>();
  const searching = useMotionSearch();
  const { search, forget } = searching;
  const searched = useMemo(() => searchedOf(search, cameraId), [search, cameraId]);

  const open = useCallback(() => setShown(true), []);
  const close = useCallback(() => {
    setShown(false);
    setCurrent(undefined);
    forget();
  }, [forget]);

  const play = (found: FoundMotion) => {
    setCurrent(found);
    playFrom(found.from - LEAD_MS, found.from);
  };

  const beside = (direction: -1 | 1) => {
    if (!searched) {
      open();
      return;
    }
    const found = foundBeside(searched.found, position(), direction, LEAD_MS);
    if (found) {
      play(found);
    } else {
      toast(t(direction > 0 ? 'motion.noLater' : 'motion.noEarlier'));
    }
  };

  return { shown, open, close, searching, searched, current, play, beside };
}
