// SPDX-License-Identifier: Apache-2.0
import { getJson } from './client';
import type { Page } from './types';

/** One thing that an extension adds to the console. */
export interface ContributionInfo {
  slot: string;
  name: string;
  /** Key of its title in the extension's texts. */
  title?: string;
  /** Address of a picture. */
  icon?: string;
}

/** What a plugin brings for the console, as far as the user may see it. */
export interface ExtensionInfo {
  id: string;
  bundle: string;
  version: string;
  apiVersion: string;
  hash: string;
  base: string;
  entry: string;
  title: string;
  texts: Record<string, Record<string, string>>;
  contributes: ContributionInfo[];
}

/** A bundle whose extension the server does not list. */
export interface RefusedExtension {
  bundle: string;
  version: string;
  reason: string;
}

export async function listExtensions(signal?: AbortSignal): Promise<ExtensionInfo[]> {
  return (await getJson<Page<ExtensionInfo>>('/api/v1/console/extensions', signal)).items;
}

export async function refusedExtensions(signal?: AbortSignal): Promise<RefusedExtension[]> {
  return (await getJson<Page<RefusedExtension>>('/api/v1/console/extensions/refused', signal)).items;
}
