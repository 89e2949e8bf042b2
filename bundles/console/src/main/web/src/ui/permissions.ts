// SPDX-License-Identifier: Apache-2.0
import { useSession } from '../api/session';

// What to show; the server decides what is allowed.

export function useCanManage(): boolean {
  return useSession((state) => state.user?.role === 'administrator');
}

/** Operators and administrators; viewers only watch. */
function useIsOperator(): boolean {
  return useSession((state) => state.user?.role === 'administrator' || state.user?.role === 'operator');
}

export const useCanRecord = useIsOperator;

/** Move cameras, switch their outputs, talk through them. */
export const useCanControl = useIsOperator;

/** See how the server is set up: drivers, plugins, addresses. */
export const useCanSeeConfiguration = useIsOperator;
