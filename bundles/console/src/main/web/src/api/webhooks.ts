// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import type { Page } from './types';

/** Where events go; nothing secret is in it but in the answer that made the secret. */
export interface Webhook {
  name: string;
  url: string;
  enabled: boolean;
  filter: WebhookFilter;
  timeoutMs: number;
  /** Names of the headers that are sent along. */
  headers: string[];
  secret?: string;
  /** Left out until its settings are carried out. */
  status?: WebhookStatus;
}

export interface WebhookFilter {
  kinds: string[];
  cameras: string[];
  severity: string;
}

export interface WebhookStatus {
  state: 'up' | 'failing' | 'misconfigured' | 'disabled' | string;
  /** In English; empty when nothing is wrong. */
  detail: string;
  lastStatus?: number;
  lastAttempt?: string;
  lastDelivery?: string;
  delivered: number;
  failures: number;
  lost: number;
  waiting: number;
}

/** What is to be another; the rest stays. */
export interface WebhookChange {
  url?: string;
  enabled?: boolean;
  filter?: WebhookFilter;
  timeoutMs?: number;
  /** Replaces all of them. */
  headers?: Record<string, string>;
}

export interface WebhookTest {
  delivered: boolean;
  status?: number;
  /** In English; empty when it arrived. */
  detail: string;
  durationMs: number;
}

export type WebhookTask =
  | { kind: 'add'; name: string; change: WebhookChange }
  | { kind: 'change'; name: string; etag?: string; change: WebhookChange }
  | { kind: 'secret' | 'remove'; name: string };

const WEBHOOKS = '/api/v1/webhooks';
const POLL_MS = 3_000;

/** @param installed whether there is who answers; nothing is asked where there is not, or while that is not known */
export function useWebhooks(installed: boolean) {
  return useQuery({
    enabled: installed,
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => getJson<Page<Webhook>>(WEBHOOKS, signal).then((page) => page.items),
    refetchInterval: POLL_MS,
  });
}

/** One as it is now, and by what to say that it was changed from that. */
export async function webhook(name: string): Promise<{ webhook: Webhook; etag?: string }> {
  const response = await request(`${WEBHOOKS}/${name}`);
  return { webhook: (await response.json()) as Webhook, etag: response.headers.get('ETag') ?? undefined };
}

/** @returns the webhook where it is still there; with its secret where that was just made */
async function carryOut(task: WebhookTask): Promise<Webhook | undefined> {
  const path = `${WEBHOOKS}/${task.name}`;
  switch (task.kind) {
    case 'add':
      return sendJson<Webhook>('POST', WEBHOOKS, { name: task.name, ...task.change });
    case 'change':
      return sendJson<Webhook>('PATCH', path, task.change, task.etag ? { 'If-Match': task.etag } : {});
    case 'secret':
      return sendJson<Webhook>('POST', `${path}/secret`, undefined);
    case 'remove':
      await request(path, { method: 'DELETE' });
      return undefined;
  }
}

export function useWebhookTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: carryOut,
    onSettled: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  });
}

export function useTestWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => sendJson<WebhookTest>('POST', `${WEBHOOKS}/${name}/test`, undefined),
    onSettled: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  });
}
