// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { isTour, isWall, useLayoutList } from '../../api/layouts';
import { useMay } from '../../ui/permissions';
import { layoutsAndThoseMoved } from './moveLayouts';

/** Walls and tours that the server keeps for the user; none while they are not known. */
export function useKeptLayouts(refetchMs?: number) {
  const { data, error } = useLayoutList(layoutsAndThoseMoved, useMay('view_live'), refetchMs);
  return useMemo(
    () => ({ walls: (data ?? []).filter(isWall), tours: (data ?? []).filter(isTour), error }),
    [data, error],
  );
}
