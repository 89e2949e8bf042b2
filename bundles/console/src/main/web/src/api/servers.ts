// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './client';
import type { Page } from './types';

const SERVERS = '/api/v1/known-servers';
export const SERVER_NAME_MAX = 60;
export const SERVERS_MAX = 20;
/** Whoever looks again sees it anew. */
const STATES_STALE_MS = 10_000;

/** Another server whose console the user opens from here. */
export interface KnownServer {
  name: string;
  /** Scheme, host and port. */
  address: string;
}

export interface KnownServers {
  version: number;
  servers: KnownServer[];
}

/** As seen from the server this console is of; not asked: it speaks to no such address. */
export type ServerState = 'ready' | 'not_ready' | 'silent' | 'not_asked';

/** @param wanted whether somebody looks at them */
export function useKnownServers(wanted = true) {
  return useQuery({
    queryKey: ['known-servers'],
    queryFn: ({ signal }) => getJson<KnownServers>(SERVERS, signal),
    enabled: wanted,
    staleTime: 10_000,
  });
}

/** How each of them is, by address; takes seconds. */
export function useServerStates(known: KnownServers | undefined) {
  return useQuery({
    queryKey: ['known-servers', 'states', known?.version],
    queryFn: ({ signal }) =>
      getJson<Page<{ address: string; state: ServerState }>>(`${SERVERS}/states`, signal).then(
        ({ items }) => new Map(items.map(({ address, state }) => [address, state])),
      ),
    enabled: (known?.servers.length ?? 0) > 0,
    staleTime: STATES_STALE_MS,
  });
}

/** Gives the whole list, upon what was read of it. */
export function useSaveServers() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ before, servers }: { before: KnownServers; servers: KnownServer[] }) =>
      sendJson<KnownServers>('PATCH', SERVERS, { servers }, { 'If-Match': `"${before.version}"` }),
    onSuccess: (after) => client.setQueryData(['known-servers'], after),
    onError: () => client.invalidateQueries({ queryKey: ['known-servers'], exact: true }),
  });
}
