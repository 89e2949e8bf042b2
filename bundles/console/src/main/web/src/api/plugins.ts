// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import type { Page } from './types';
import { upload } from './upload';

/** One version of a plugin, as its file says and as it was checked when it came. */
export interface PluginVersion {
  version: string;
  title: string;
  /** May be empty, like the licence. */
  vendor: string;
  licence: string;
  /** What it asks for; shown to people, not enforced. */
  permissions: string[];
  /** What the conformance kit found; absent when the file has no score. */
  conformance?: { kit: string; passed: number; failed: number; skipped: number };
  sha256: string;
  from: string;
  /** Absent when it was taken unsigned. */
  signer?: { subject: string; certificateSha256: string };
  installed: string;
  by: string;
}

export interface Plugin {
  name: string;
  state: 'starting' | 'active' | 'disabled' | 'failed' | string;
  /** What is wrong and what to do, in English; empty when all is well. */
  detail: string;
  current: PluginVersion;
  /** What a rollback goes back to. */
  previous?: PluginVersion;
  /** One that has not proved itself yet. */
  tried?: PluginVersion;
}

export interface SwapFrames {
  stream: { cameraId: string; role: string };
  before: number;
  during: number;
  after: number;
  lost: number;
  /** False for a stream that went away meanwhile. */
  whole: boolean;
}

/** What an operation did, and what it cost the cameras. */
export interface SwapReceipt {
  id: string;
  operation: string;
  /** Empty when the file was refused before it was known. */
  plugin: string;
  from?: string;
  to?: string;
  sha256?: string;
  by: string;
  begun: string;
  ended?: string;
  outcome: 'running' | 'done' | 'refused' | 'interrupted' | string;
  detail: string;
  bundles: { id: number; location: string; installed: boolean }[];
  bundlesCompared: number;
  windows?: { beforeMs: number; duringMs: number; afterMs: number };
  frames: SwapFrames[];
  signature?: string;
}

export interface TrustedCertificate {
  sha256: string;
  subject: string;
  expires: string;
}

/** One camera goes first, then all, and back by itself. */
export interface TrialDraft {
  cameraId?: string;
  soakSeconds: number;
}

/** Where a plugin comes from, and how it is taken. */
export interface PluginDraft {
  /** A file of the browser's machine; else `url`, which the server fetches. */
  file?: File;
  url?: string;
  allowUnsigned: boolean;
  /** The plugin this is another version of. */
  updates?: string;
  trial?: TrialDraft;
}

interface Done {
  plugin?: Plugin;
  receipt: string;
}

const PLUGINS = '/api/v1/plugins';
const TRUSTED = `${PLUGINS}/trusted`;
const RECEIPTS_PER_PAGE = 30;
const POLL_MS = 3_000;
const at = (name: string) => `${PLUGINS}/${encodeURIComponent(name)}`;

export function usePlugins() {
  return useQuery({
    queryKey: ['plugins'],
    queryFn: ({ signal }) => getJson<Page<Plugin>>(PLUGINS, signal).then((page) => page.items),
    refetchInterval: POLL_MS,
  });
}

export function useTrustedCertificates() {
  return useQuery({
    queryKey: ['plugins-trusted'],
    queryFn: ({ signal }) => getJson<Page<TrustedCertificate>>(TRUSTED, signal).then((page) => page.items),
  });
}

/** Newest first; asked again while one is still counted, which is when it has no signature yet. */
export function useReceipts() {
  return useInfiniteQuery({
    queryKey: ['plugins-receipts'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : '';
      return getJson<Page<SwapReceipt>>(`${PLUGINS}/receipts?limit=${RECEIPTS_PER_PAGE}${cursor}`, signal);
    },
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: (query) => (query.state.data?.pages[0]?.items.some(isUnderWay) ? POLL_MS : false),
  });
}

/** Whether frames are still counted: a receipt is signed with them. */
function isUnderWay({ outcome, ended, signature }: SwapReceipt): boolean {
  const justEnded = ended !== undefined && Date.now() - Date.parse(ended) < 60_000;
  return outcome === 'running' || (outcome === 'done' && !signature && justEnded);
}

export type PluginTask =
  | { kind: 'take'; draft: PluginDraft; onProgress?: (share: number) => void; signal?: AbortSignal }
  | { kind: 'rollback' | 'disable' | 'enable' | 'remove'; name: string };

async function perform(task: PluginTask): Promise<Done> {
  if (task.kind === 'take') {
    return task.draft.file ? sendFile(task.draft, task.draft.file, task) : sendUrl(task.draft, task.signal);
  }
  if (task.kind === 'remove') {
    const answer = await request(at(task.name), { method: 'DELETE' });
    return (await answer.json()) as Done;
  }
  const answer = await request(`${at(task.name)}/${task.kind}`, { method: 'POST' });
  return (await answer.json()) as Done;
}

function sendFile(
  { allowUnsigned, updates, trial }: PluginDraft,
  file: File,
  how: { onProgress?: (share: number) => void; signal?: AbortSignal },
): Promise<Done> {
  const search = new URLSearchParams({ allowUnsigned: String(allowUnsigned) });
  if (updates) {
    search.set('updates', updates);
  }
  if (trial) {
    search.set('soakSeconds', String(trial.soakSeconds));
  }
  if (trial?.cameraId) {
    search.set('cameraId', trial.cameraId);
  }
  return upload<Done>(`${PLUGINS}/uploads?${search}`, file, how);
}

function sendUrl({ url, allowUnsigned, updates, trial }: PluginDraft, signal?: AbortSignal): Promise<Done> {
  const path = updates ? `${at(updates)}/update` : PLUGINS;
  return sendJson<Done>('POST', path, { url, allowUnsigned, trial }, {}, signal);
}

/** Everything that changes plugins; each takes some seconds, and the server does one at a time. */
export function usePluginTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: perform,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['plugins'] });
      void client.invalidateQueries({ queryKey: ['plugins-receipts'] });
      void client.invalidateQueries({ queryKey: ['drivers'] });
      void client.invalidateQueries({ queryKey: ['rollout'] });
      void client.invalidateQueries({ queryKey: ['cameras'] });
    },
  });
}

export function useTrust() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (pem: string) => sendJson<TrustedCertificate>('POST', TRUSTED, { pem }),
    onSettled: () => client.invalidateQueries({ queryKey: ['plugins-trusted'] }),
  });
}

export function useDistrust() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sha256: string) => request(`${TRUSTED}/${sha256}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['plugins-trusted'] }),
  });
}
