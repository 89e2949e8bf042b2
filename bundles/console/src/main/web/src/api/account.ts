// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import type { Page } from './types';

/** A sign-in of the own user. */
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

const SESSIONS = '/api/v1/auth/sessions';
const TOTP = '/api/v1/auth/totp';

export function useSessions() {
  return useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => getJson<Page<SignedInSession>>(SESSIONS, signal).then((page) => page.items),
  });
}

/** Ends one session, or without an id all others. */
export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id?: string) => request(id ? `${SESSIONS}/${id}` : SESSIONS, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  });
}

export function useTotp() {
  return useQuery({
    queryKey: ['totp'],
    queryFn: ({ signal }) => getJson<TotpState>(TOTP, signal),
  });
}

export const beginTotp = (proof: Proof) => sendJson<TotpEnrolment>('POST', TOTP, proof);
export const confirmTotp = (code: string) => sendJson<RecoveryCodes>('POST', `${TOTP}/confirm`, { code });
export const renewRecoveryCodes = (proof: Proof) =>
  sendJson<RecoveryCodes>('POST', `${TOTP}/recovery-codes`, proof);
export const removeTotp = (proof: Proof) => sendJson<void>('POST', `${TOTP}/remove`, proof);
