// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import type { ContributionInfo, ExtensionInfo } from '../../api/extensions';
import { useSession } from '../../api/session';

/** `?safe=1` when the console was loaded: no extension is shown until it is loaded without. */
export const SAFE = new URLSearchParams(location.search).get('safe') === '1';

/** Where an extension can add something; what a newer one says beyond these is a fault of it. */
export const SLOTS = [
  'nav.page',
  'settings.page',
  'camera.tab',
  'camera.config',
  'event.detail',
  'health.card',
  'live.overlay',
  'live.tile.action',
  'timeline.lane',
  'command',
  'search.agent',
  'export.target',
] as const;
export type SlotName = (typeof SLOTS)[number];

/** What went wrong with an extension in this browser. */
export interface Fault {
  id: string;
  hash: string;
  /** `refused`: not for this console. `load`, `timeout`, `activate`: it did not come up. `part`: one thing it shows. */
  kind: 'refused' | 'load' | 'timeout' | 'activate' | 'part';
  message: string;
  count: number;
}

interface ExtensionsState {
  /** Undefined until the server has answered. */
  list?: readonly ExtensionInfo[];
  /** The newest of each extension and kind. */
  faults: readonly Fault[];
}

export const useExtensions = create<ExtensionsState>(() => ({ faults: [] }));

/** Who signs out leaves nothing to the next. */
useSession.subscribe(({ phase }) => {
  if (phase === 'anonymous' && useExtensions.getState().list) {
    useExtensions.setState({ list: undefined, faults: [] });
  }
});

const FAULTS_MAX = 50;

export function addFault(
  { id, hash }: Pick<ExtensionInfo, 'id' | 'hash'>,
  kind: Fault['kind'],
  message: string,
) {
  useExtensions.setState(({ faults }) => {
    const same = faults.find((one) => one.id === id && one.hash === hash && one.kind === kind);
    const fault = { id, hash, kind, message: message.slice(0, 500), count: (same?.count ?? 0) + 1 };
    return { faults: [...faults.filter((one) => one !== same), fault].slice(-FAULTS_MAX) };
  });
}

/** What went wrong with other versions of it is over. */
export function forgetFaults(list: readonly ExtensionInfo[]): void {
  const { faults } = useExtensions.getState();
  const left = faults.filter((fault) => list.some(({ id, hash }) => id === fault.id && hash === fault.hash));
  if (left.length !== faults.length) {
    useExtensions.setState({ faults: left });
  }
}

/** A contribution with the extension it belongs to. */
export interface Contribution extends ContributionInfo {
  extension: ExtensionInfo;
  /** Unlike that of any other contribution and of any other version of this one. */
  key: string;
}

const NOTHING: readonly Contribution[] = [];
const known = new WeakMap<readonly ExtensionInfo[], Map<string, readonly Contribution[]>>();

export function contributionsTo(
  slot: SlotName,
  list: readonly ExtensionInfo[] | undefined,
): readonly Contribution[] {
  if (!list) {
    return NOTHING;
  }
  const bySlot = known.get(list) ?? new Map<string, readonly Contribution[]>();
  known.set(list, bySlot);
  let found = bySlot.get(slot);
  if (!found) {
    found = list.flatMap((extension) =>
      extension.contributes
        .filter((one) => one.slot === slot)
        .map((one) => ({ ...one, extension, key: `${extension.id}/${one.name}/${extension.hash}` })),
    );
    bySlot.set(slot, found);
  }
  return found;
}

/** What is added to a place; the same array as long as nothing changes. */
export function useContributions(slot: SlotName): readonly Contribution[] {
  return useExtensions((state) => contributionsTo(slot, state.list));
}

export function extensionText(
  { texts }: Pick<ExtensionInfo, 'texts'>,
  language: string,
  key: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const text = texts[language]?.[key] ?? texts.en?.[key] ?? key;
  return text.replace(/\{\{(\w+)\}\}/g, (place, name: string) => String(values[name] ?? place));
}

/** The titles of contributions in the user's language. */
export function useTitles(): (contribution: Contribution) => string {
  const { i18n } = useTranslation();
  return ({ extension, title, name }) =>
    title === undefined ? name : extensionText(extension, i18n.language, title);
}
