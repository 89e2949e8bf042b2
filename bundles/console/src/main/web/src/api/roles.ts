// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import type { Page } from './types';

/** A named set of rights. */
export interface Role {
  name: string;
  description: string;
  permissions: string[];
  secondFactor: boolean;
  ptzPriority: number;
  /** Whether its permissions can be changed. */
  editable: boolean;
}

export interface RoleDraft {
  name: string;
  permissions: string[];
  secondFactor: boolean;
  ptzPriority: number;
}

/** A role at a place, or (denied) its rights taken away there. */
export interface Grant {
  id: string;
  role: string;
  scope: string;
  denied: boolean;
}

export interface RightReason {
  role: string;
  scope: string;
  denied: boolean;
  grant?: string;
}

/** A right at a place, and why. */
export interface EffectiveRight {
  permission: string;
  allowed: boolean;
  decidedAt?: string;
  because: RightReason[];
  /** What farther places say, and what therefore does not count. */
  overruled: RightReason[];
}

const ROLES = '/api/v1/roles';
const grantsOf = (user: string) => `/api/v1/users/${user}/grants`;

export function useRoles(enabled = true) {
  return useQuery({
    queryKey: ['roles'],
    enabled,
    queryFn: ({ signal }) => getJson<Page<Role>>(ROLES, signal).then((page) => page.items),
  });
}

/** Adds a role, or changes the one of that name. */
export function useSaveRole(known: Role | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...rest }: RoleDraft) => {
      if (!known) {
        return sendJson<Role>('POST', ROLES, { name, ...rest });
      }
      const { permissions, ...other } = rest;
      return sendJson<Role>('PATCH', `${ROLES}/${name}`, known.editable ? rest : other);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['roles'] }),
  });
}

export function useRemoveRole() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (role: Role) => request(`${ROLES}/${role.name}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['roles'] }),
  });
}

export function useGrants(user: string) {
  return useQuery({
    queryKey: ['rights', user, 'grants'],
    queryFn: ({ signal }) => getJson<Page<Grant>>(grantsOf(user), signal).then((page) => page.items),
  });
}

export function useAddGrant(user: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: Omit<Grant, 'id'>) => sendJson<Grant>('POST', grantsOf(user), draft),
    onSettled: () => client.invalidateQueries({ queryKey: ['rights', user] }),
  });
}

export function useRemoveGrant(user: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (grant: Grant) => request(`${grantsOf(user)}/${grant.id}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['rights', user] }),
  });
}

export function useRights(user: string, scope: string) {
  return useQuery({
    queryKey: ['rights', user, 'effective', scope],
    queryFn: ({ signal }) =>
      getJson<{ rights: EffectiveRight[] }>(
        `/api/v1/users/${user}/rights?scope=${encodeURIComponent(scope)}`,
        signal,
      ).then((answer) => answer.rights),
  });
}
