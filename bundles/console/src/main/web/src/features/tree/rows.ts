// SPDX-License-Identifier: Apache-2.0
import type { KnownServer } from '../../api/servers';
import type { Camera, CameraStatus } from '../../api/types';

interface Line {
  id: string;
  label: string;
  /** Levels above it. */
  depth: number;
  /** Among those of the same parent, from 1, and how many these are. */
  place: number;
  places: number;
}

/** What has others below it. */
export interface Branch extends Line {
  kind: 'site' | 'server' | 'group';
  open: boolean;
  /** Cameras below it, on all levels. */
  count: number;
  /** Of them the one that is worst off; none where all are well. */
  worst?: CameraStatus;
  /** Cameras that are as badly off as that one. */
  worstCount: number;
}

export type TreeRow =
  | Branch
  | (Line & { kind: 'elsewhere'; address: string })
  | (Line & { kind: 'camera'; camera: Camera });

export const SITE = 'site';

const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }).compare;

/** What asks for somebody, the worst first. What is switched off on purpose is not among it. */
const BADNESS = ['unauthorized', 'offline', 'unsupported', 'not_recording', 'connecting'];

interface Node {
  kind: Branch['kind'];
  id: string;
  label: string;
  groups: Map<string, Node>;
  cameras: Camera[];
}

interface Site {
  name: string;
  serverName: (serverId: string) => string;
  /** Other servers, of whose cameras nothing is known here. */
  others: readonly KnownServer[];
}

/**
 * The tree as lines: site, servers, groups within groups, cameras. A filter matches names, groups and addresses and opens
 * everything it finds.
 *
 * @param closed ids of what is closed
 */
export function treeRows(
  cameras: readonly Camera[],
  site: Site,
  filter: string,
  closed: ReadonlySet<string>,
): TreeRow[] {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = (text: string) => words.every((word) => text.toLocaleLowerCase().includes(word));
  const servers = new Map<string, Node>();
  for (const camera of cameras) {
    if (found(`${camera.name} ${camera.group ?? ''} ${camera.address}`)) {
      const { serverId } = camera;
      const server = nodeIn(servers, serverId, 'server', serverId, () => site.serverName(serverId));
      leafOf(server, camera.group).cameras.push(camera);
    }
  }
  const others = site.others.filter(({ name, address }) => found(`${name} ${address}`));
  if (servers.size === 0 && others.length === 0) {
    return [];
  }
  const all = [...servers.values()];
  const places = all.length + others.length;
  const isOpen = (id: string) => words.length > 0 || !closed.has(id);
  const rows: TreeRow[] = [];
  const root: Node = { kind: 'site', id: SITE, label: site.name, groups: servers, cameras: [] };
  rows.push(lineOf(root, 0, 1, 1, isOpen(SITE)));
  if (isOpen(SITE)) {
    for (const [index, server] of all.entries()) {
      add(rows, server, 1, index + 1, places, isOpen);
    }
    for (const [index, { name, address }] of others.entries()) {
      const place = all.length + index + 1;
      rows.push({ kind: 'elsewhere', id: address, label: name, address, depth: 1, place, places });
    }
  }
  return rows;
}

/** Ids of all that a camera is below. */
export function pathTo(camera: Camera): string[] {
  const path = [SITE, camera.serverId];
  for (const level of levelsOf(camera.group)) {
    path.push(`${path[path.length - 1]}/${level}`);
  }
  return path;
}

/** Slashes part a group into levels, as they do for rights on the server. */
function levelsOf(group: string | undefined): string[] {
  return (group ?? '').split('/').filter((level) => level.trim() !== '');
}

function leafOf(server: Node, group: string | undefined): Node {
  let node = server;
  for (const level of levelsOf(group)) {
    node = nodeIn(node.groups, level, 'group', `${node.id}/${level}`, () => level);
  }
  return node;
}

function nodeIn(
  nodes: Map<string, Node>,
  key: string,
  kind: Node['kind'],
  id: string,
  label: () => string,
): Node {
  let node = nodes.get(key);
  if (node === undefined) {
    node = { kind, id, label: label(), groups: new Map(), cameras: [] };
    nodes.set(key, node);
  }
  return node;
}

/** Groups come before the cameras beside them. */
function add(
  rows: TreeRow[],
  node: Node,
  depth: number,
  place: number,
  places: number,
  isOpen: (id: string) => boolean,
): void {
  const open = isOpen(node.id);
  rows.push(lineOf(node, depth, place, places, open));
  if (!open) {
    return;
  }
  const groups = [...node.groups.values()].sort((a, b) => compare(a.label, b.label));
  const cameras = node.cameras.toSorted((a, b) => compare(a.name, b.name));
  const below = groups.length + cameras.length;
  for (const [index, group] of groups.entries()) {
    add(rows, group, depth + 1, index + 1, below, isOpen);
  }
  for (const [index, camera] of cameras.entries()) {
    rows.push({
      kind: 'camera',
      id: camera.id,
      label: camera.name,
      camera,
      depth: depth + 1,
      place: groups.length + index + 1,
      places: below,
    });
  }
}

function lineOf(node: Node, depth: number, place: number, places: number, open: boolean): Branch {
  const { kind, id, label } = node;
  const sum = { count: 0, worstCount: 0, worst: undefined as CameraStatus | undefined };
  take(node, sum);
  return { kind, id, label, depth, place, places, open, ...sum };
}

function take(node: Node, sum: { count: number; worst?: CameraStatus; worstCount: number }): void {
  for (const { status } of node.cameras) {
    sum.count++;
    const [bad, worst] = [badness(status), badness(sum.worst)];
    if (bad < worst) {
      sum.worst = status;
      sum.worstCount = 1;
    } else if (bad === worst && sum.worst) {
      sum.worstCount++;
    }
  }
  for (const group of node.groups.values()) {
    take(group, sum);
  }
}

/** The lower the worse. */
function badness(status: CameraStatus | undefined): number {
  const at = status ? BADNESS.indexOf(status.state) : -1;
  return at < 0 ? BADNESS.length : at;
}
