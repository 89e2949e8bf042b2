// SPDX-License-Identifier: Apache-2.0
import { useLocation, useNavigate } from 'react-router';
import type { Camera } from '../../api/types';
import { useWall } from '../live/useWall';
import { momentOf } from '../playback/moment';
import { useShell } from '../shell/useShell';
import { camerasIn, togetherAddress } from '../together/address';

/**
 * What a click on a camera means depends on where one is: playback opens its
 * footage, beside that of others when several are played, everything else shows it live.
 */
export function useOpenCamera(): (camera: Camera) => void {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  return (camera) => {
    useShell.getState().setTreeOver(false);
    if (pathname.startsWith('/playback')) {
      const asked = new URLSearchParams(search);
      const together = camerasIn(asked);
      const moment = momentOf(asked.get('t'));
      navigate(
        moment === undefined
          ? `/playback/${camera.id}`
          : togetherAddress([...new Set([...together, camera.id])], moment),
      );
    } else {
      useWall.getState().add(camera.id);
      if (!pathname.startsWith('/live')) {
        navigate('/live');
      }
    }
  };
}
