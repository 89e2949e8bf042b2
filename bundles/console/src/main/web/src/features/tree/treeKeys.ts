// SPDX-License-Identifier: Apache-2.0
// What keys do in the tree (WAI-ARIA Authoring Practices, tree view). Pure.
import type { TreeRow } from './rows';

export interface KeyStep {
  /** The line that is active then. */
  active: number;
  /** Lines that are opened, or closed. */
  toggle: string[];
  /** What the active line stands for is done. */
  choose: boolean;
}

export const isBranch = (row: TreeRow | undefined) =>
  row !== undefined && row.kind !== 'camera' && row.kind !== 'elsewhere';

/** @param key with left and right as they are read: in Arabic the left arrow leads inwards */
export function keyStep(rows: readonly TreeRow[], active: number, key: string): KeyStep | undefined {
  const row = rows[active];
  if (!row) {
    return undefined;
  }
  const at = (line: number): KeyStep => ({
    active: Math.max(0, Math.min(rows.length - 1, line)),
    toggle: [],
    choose: false,
  });
  const isOpen = 'open' in row && row.open;
  switch (key) {
    case 'ArrowDown':
      return at(active + 1);
    case 'ArrowUp':
      return at(active - 1);
    case 'Home':
      return at(0);
    case 'End':
      return at(rows.length - 1);
    case 'Enter':
    case ' ':
      return { ...at(active), choose: true };
    case 'ArrowRight':
      if (!isBranch(row)) {
        return at(active);
      }
      return isOpen ? at(active + 1) : { ...at(active), toggle: [row.id] };
    case 'ArrowLeft':
      return isOpen ? { ...at(active), toggle: [row.id] } : at(parentOf(rows, active));
    case '*':
      return { ...at(active), toggle: closedBeside(rows, active) };
    default:
      return undefined;
  }
}

/** The next line, round and round, whose words begin so; a first letter alone leads on from the active one. */
export function typedStep(rows: readonly TreeRow[], active: number, typed: string): number {
  const wanted = typed.toLocaleLowerCase();
  const from = typed.length > 1 ? active : active + 1;
  for (let step = 0; step < rows.length; step++) {
    const line = (from + step) % rows.length;
    if (rows[line]?.label.toLocaleLowerCase().startsWith(wanted)) {
      return line;
    }
  }
  return active;
}

function parentOf(rows: readonly TreeRow[], line: number): number {
  const depth = rows[line]?.depth ?? 0;
  for (let above = line - 1; above >= 0; above--) {
    if ((rows[above]?.depth ?? 0) < depth) {
      return above;
    }
  }
  return line;
}

function closedBeside(rows: readonly TreeRow[], line: number): string[] {
  const depth = rows[line]?.depth ?? 0;
  const closed: string[] = [];
  for (const [other, row] of rows.entries()) {
    if (row.depth === depth && 'open' in row && !row.open && parentOf(rows, other) === parentOf(rows, line)) {
      closed.push(row.id);
    }
  }
  return closed;
}
