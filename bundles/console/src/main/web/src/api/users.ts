// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import type { Page } from './types';

export interface User {
  id: string;
  username: string;
  role: string;
  mustChangePassword: boolean;
  /** Cannot sign in. */
  disabled: boolean;
  /** Who proves the user and decides the role; absent for users of the server's own. */
  provider?: string;
}

/** What is to be another; the rest stays. */
export interface UserPatch {
  id: string;
  role?: string;
  disabled?: boolean;
}

export interface UserDraft {
  username: string;
  password: string;
  role: string;
  mustChangePassword: boolean;
}

/** For somebody else, who has lost the own. */
export interface NewPassword {
  id: string;
  password: string;
  /** At the next sign-in. */
  mustChangePassword: boolean;
}

const USERS = '/api/v1/users';

/** @param enabled whether the caller may know them, and wants to */
export function useUsers(enabled = true) {
  return useQuery({
    queryKey: ['users'],
    enabled,
    queryFn: ({ signal }) => getJson<Page<User>>(USERS, signal).then((page) => page.items),
  });
}

export function useAddUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: UserDraft) => sendJson<User>('POST', USERS, draft),
    onSettled: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
}

export function useChangeUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...patch }: UserPatch) => sendJson<User>('PATCH', `${USERS}/${id}`, patch),
    onSettled: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
}

export function useSetPassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...wanted }: NewPassword) => sendJson<void>('PUT', `${USERS}/${id}/password`, wanted),
    onSettled: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
}

export function useRemoveUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (user: User) => request(`${USERS}/${user.id}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
}
