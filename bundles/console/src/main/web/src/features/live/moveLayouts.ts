// SPDX-License-Identifier: Apache-2.0
// Layouts that this browser kept itself, before the server did: they are given to the server, once.
import { addLayout, isWall, LAYOUT_NAME_MAX, type Layout, readLayouts } from '../../api/layouts';
import { ApiProblem } from '../../api/problem';
import { allCameras } from '../../api/queries';
import { isGrid } from './grids';
import { differs, wallOf } from './useLayouts';

const KEPT_HERE = 'nxvms.layouts';
const NAMES_MAX = 9;

interface KeptHere {
  name: string;
  grid: string;
  cells: (string | null)[];
}

/** What the server keeps, with what was moved there just now. */
export async function layoutsAndThoseMoved(signal?: AbortSignal): Promise<Layout[]> {
  const known = await readLayouts(signal);
  const here = keptHere();
  if (here.length === 0) {
    return known;
  }
  const left = await move(here, known);
  if (left.length > 0) {
    localStorage.setItem(KEPT_HERE, JSON.stringify({ state: { layouts: left }, version: 1 }));
  } else {
    localStorage.removeItem(KEPT_HERE);
  }
  return left.length < here.length ? readLayouts(signal) : known;
}

function keptHere(): KeptHere[] {
  try {
    const { layouts } = JSON.parse(localStorage.getItem(KEPT_HERE) ?? '{}').state ?? {};
    return (Array.isArray(layouts) ? layouts : []).filter(
      (one): one is KeptHere => typeof one?.name === 'string' && isGrid(one.grid) && Array.isArray(one.cells),
    );
  } catch {
    return [];
  }
}

/** @returns those that could not be moved now; it is tried again when the console is opened the next time */
async function move(here: readonly KeptHere[], known: readonly Layout[]): Promise<KeptHere[]> {
  const left: KeptHere[] = [];
  let cameras: Set<string> | undefined;
  for (const one of here) {
    try {
      // What was removed since would keep all of it from being taken.
      cameras ??= new Set((await allCameras()).map(({ id }) => id));
      const there = cameras;
      const cells = one.cells.map((id) => (id !== null && there.has(id) ? id : null));
      await give({ ...one, cells }, known);
    } catch {
      left.push(one);
    }
  }
  return left;
}

/** Under another name where the user has another one of that name already, from another browser for instance. */
async function give(one: KeptHere, known: readonly Layout[]): Promise<void> {
  for (let number = 1; number <= NAMES_MAX; number++) {
    const more = number === 1 ? '' : ` ${number}`;
    const name = one.name.slice(0, LAYOUT_NAME_MAX - more.length) + more;
    const namesake = (layouts: readonly Layout[]) =>
      layouts.find((other) => other.own && other.name === name);
    let same = namesake(known);
    if (!same) {
      try {
        await addLayout({ name, wall: wallOf(one) });
        return;
      } catch (error) {
        // Another window of this browser may move it too.
        same =
          error instanceof ApiProblem && error.status === 409 ? namesake(await readLayouts()) : undefined;
        if (!same) {
          throw error;
        }
      }
    }
    if (isWall(same) && !differs(same.wall, one)) {
      return;
    }
  }
  throw new Error(`There are ${NAMES_MAX} layouts named ${one.name} already`);
}
