// SPDX-License-Identifier: Apache-2.0
import { useLocation, useNavigate } from 'react-router';
import type { Camera } from '../../api/types';
import { useWall } from '../live/useWall';
import { useShell } from '../shell/useShell';

/** What a click on a camera means depends on where one is: playback opens its footage, everything else shows it live. */
export function useOpenCamera(): (camera: Camera) => void {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  return (camera) => {
    useShell.getState().setTreeOver(false);
    if (pathname.startsWith('/playback')) {
      navigate(`/playback/${camera.id}${search}`);
    } else {
      useWall.getState().add(camera.id);
      if (!pathname.startsWith('/live')) {
        navigate('/live');
      }
    }
  };
}
