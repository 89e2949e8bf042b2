// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import type { Page } from './types';

/** What a program calls by; its text is told once, when it is made. */
export interface ApiKey {
  id: string;
  userId: string;
  name: string;
  /** Rights it has, as far as its user has them. */
  scopes: string[];
  created: string;
  expires: string;
  /** Give or take some minutes; left out while it was never used. */
  used?: string;
}

export interface ApiKeyDraft {
  name: string;
  scopes: string[];
  expiresInDays: number;
  /** Of who makes it. */
  password: string;
}

export interface NewApiKey {
  key: string;
  details: ApiKey;
}

const KEYS = '/api/v1/api-keys';

/** @param all those of everybody, for who manages users */
export function useApiKeys(all: boolean, enabled = true) {
  return useQuery({
    enabled,
    queryKey: ['api-keys', all],
    queryFn: ({ signal }) =>
      getJson<Page<ApiKey>>(all ? `${KEYS}?all=true` : KEYS, signal).then((page) => page.items),
  });
}

export function useMakeApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: ApiKeyDraft) => sendJson<NewApiKey>('POST', KEYS, draft),
    onSettled: () => client.invalidateQueries({ queryKey: ['api-keys'] }),
  });
}

export function useRemoveApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: ApiKey) => request(`${KEYS}/${key.id}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['api-keys'] }),
  });
}
