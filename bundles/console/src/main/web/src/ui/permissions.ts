// SPDX-License-Identifier: Apache-2.0
import { useSession } from '../api/session';

// What to show; the server decides what is allowed.

export function useCanManage(): boolean {
  return useSession((state) => state.user?.role === 'administrator');
}

export function useCanRecord(): boolean {
  return useSession((state) => state.user?.role === 'administrator' || state.user?.role === 'operator');
}
