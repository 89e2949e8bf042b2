// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import type { Page } from './types';

/** A sign-in. */
export interface SignedInSession {
  id: string;
  begun: string;
  seen: string;
  address?: string;
  client?: string;
  current: boolean;
}

export interface TotpState {
  enabled: boolean;
  recoveryCodesLeft: number;
}

export interface TotpEnrolment {
  secret: string;
  uri: string;
}

export interface RecoveryCodes {
  recoveryCodes: string[];
}

/** Who asks is still the user. */
export interface Proof {
  password: string;
  code?: string;
}

/** Whose: the own where no user is given. */
const sessionsOf = (user: string | undefined) =>
  user ? `/api/v1/users/${user}/sessions` : '/api/v1/auth/sessions';
const totpOf = (user: string) => `/api/v1/users/${user}/totp`;
const TOTP = '/api/v1/auth/totp';

export function useSessions(user?: string) {
  return useQuery({
    queryKey: ['sessions', user],
    queryFn: ({ signal }) =>
      getJson<Page<SignedInSession>>(sessionsOf(user), signal).then((page) => page.items),
  });
}

/** Ends one session; without an id all of somebody else, or all others of the own. */
export function useEndSession(user?: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id?: string) =>
      request(id ? `${sessionsOf(user)}/${id}` : sessionsOf(user), { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  });
}

export function useTotp() {
  return useQuery({
    queryKey: ['totp'],
    queryFn: ({ signal }) => getJson<TotpState>(TOTP, signal),
  });
}

/** Whether somebody else signs in with a second factor. */
export function useTotpOf(user: string) {
  return useQuery({
    queryKey: ['totp', user],
    queryFn: ({ signal }) => getJson<TotpState>(totpOf(user), signal),
  });
}

/** For who has lost phone and recovery codes. */
export function useRemoveTotpOf() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (user: string) => request(totpOf(user), { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['totp'] }),
  });
}

export const beginTotp = (proof: Proof) => sendJson<TotpEnrolment>('POST', TOTP, proof);
export const confirmTotp = (code: string) => sendJson<RecoveryCodes>('POST', `${TOTP}/confirm`, { code });
export const renewRecoveryCodes = (proof: Proof) =>
  sendJson<RecoveryCodes>('POST', `${TOTP}/recovery-codes`, proof);
export const removeTotp = (proof: Proof) => sendJson<void>('POST', `${TOTP}/remove`, proof);
