// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { getJson, sendJson } from './client';
import type { Page } from './types';

/** Something that somebody did, or was refused. */
export interface AuditEntry {
  serverId: string;
  sequence: number;
  at: string;
  action: string;
  done: boolean;
  user: string;
  userId?: string;
  /** The key a program called by. */
  apiKey?: string;
  address: string;
  subject?: string;
  before: Record<string, string>;
  after: Record<string, string>;
  hash: string;
}

/** What to show; absent parts fit everything. */
export interface AuditQuery {
  from?: number;
  to?: number;
  user?: string;
  /** One, or a family as `auth.*`. */
  action?: string;
  address?: string;
}

export interface AuditVerdict {
  whole: boolean;
  entries: number;
  faults: string[];
  /** What is wrong and an administrator has taken as known. */
  acknowledged: string[];
  /** Entries of other servers, by id; each verifies its own. */
  others: Record<string, number>;
}

const AUDIT = '/api/v1/audit';
const PAGE = 200;

function parameters(query: AuditQuery): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') {
      search.set(name, String(value));
    }
  }
  return search;
}

export function useAudit(query: AuditQuery) {
  return useInfiniteQuery({
    queryKey: ['audit', query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const search = parameters(query);
      search.set('limit', String(PAGE));
      if (pageParam) {
        search.set('cursor', pageParam);
      }
      return getJson<Page<AuditEntry>>(`${AUDIT}?${search}`, signal);
    },
    getNextPageParam: (page) => page.nextCursor,
    refetchOnWindowFocus: false,
  });
}

/** Where the same is a file, all of it. */
export function auditFile(query: AuditQuery, format: 'csv' | 'json'): string {
  const search = parameters(query);
  search.set('format', format);
  return `${AUDIT}/export?${search}`;
}

/** Holds all entries of this server against their chain. */
export function useVerifyAudit() {
  return useMutation({ mutationFn: () => sendJson<AuditVerdict>('POST', `${AUDIT}/verify`, undefined) });
}
