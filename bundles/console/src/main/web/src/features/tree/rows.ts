// SPDX-License-Identifier: Apache-2.0
import type { Camera } from '../../api/types';

export type TreeRow =
  | { kind: 'server'; id: string; label: string; depth: 0; open: boolean; count: number }
  | { kind: 'group'; id: string; label: string; depth: 1; open: boolean; count: number }
  | { kind: 'camera'; id: string; label: string; depth: 1 | 2; camera: Camera };

const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }).compare;

/**
 * The tree as lines: server, its groups, their cameras. A filter matches names, groups and addresses and opens
 * everything it finds.
 *
 * @param closed ids of closed servers and groups
 */
export function treeRows(
  cameras: readonly Camera[],
  serverName: (serverId: string) => string,
  filter: string,
  closed: ReadonlySet<string>,
): TreeRow[] {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const matches = (camera: Camera) => {
    const text = `${camera.name} ${camera.group ?? ''} ${camera.address}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  };
  const servers = new Map<string, Map<string, Camera[]>>();
  for (const camera of cameras) {
    if (matches(camera)) {
      const groups = getOrAdd(servers, camera.serverId, () => new Map<string, Camera[]>());
      getOrAdd(groups, camera.group ?? '', () => []).push(camera);
    }
  }
  const rows: TreeRow[] = [];
  for (const [serverId, groups] of servers) {
    const open = words.length > 0 || !closed.has(serverId);
    const count = [...groups.values()].reduce((sum, list) => sum + list.length, 0);
    rows.push({ kind: 'server', id: serverId, label: serverName(serverId), depth: 0, open, count });
    if (open) {
      addGroups(rows, serverId, groups, closed, words.length > 0);
    }
  }
  return rows;
}

function addGroups(
  rows: TreeRow[],
  serverId: string,
  groups: Map<string, Camera[]>,
  closed: ReadonlySet<string>,
  filtered: boolean,
): void {
  const names = [...groups.keys()].sort((a, b) => (a === '' ? 1 : b === '' ? -1 : compare(a, b)));
  for (const name of names) {
    const cameras = (groups.get(name) ?? []).toSorted((a, b) => compare(a.name, b.name));
    const id = `${serverId}/${name}`;
    const open = filtered || !closed.has(id);
    if (name !== '') {
      rows.push({ kind: 'group', id, label: name, depth: 1, open, count: cameras.length });
    }
    if (open || name === '') {
      for (const camera of cameras) {
        rows.push({ kind: 'camera', id: camera.id, label: camera.name, depth: name === '' ? 1 : 2, camera });
      }
    }
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
